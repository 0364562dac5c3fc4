@echo off
rem Runs the dna command from dna.jar beside this script, with the Java in JAVA_HOME, if set, and the options in
rem DNA_JAVA_OPTIONS.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" %DNA_JAVA_OPTIONS% -jar "%~dp0dna.jar" %*
