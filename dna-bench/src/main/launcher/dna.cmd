@echo off
rem Runs the dna command with the jar beside this script. JAVA_HOME chooses the Java, DNA_JAVA_OPTIONS its options.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" %DNA_JAVA_OPTIONS% -jar "%~dp0dna.jar" %*
