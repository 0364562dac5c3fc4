/**
 * Runnable examples, one main per file. In the directory of the whole project, this runs one of them:
 *
 * <pre>mvn -Dquick -pl examples -am package -Dexample=EvaluateFile</pre>
 *
 * <p>{@code -Dexec.args="..."} passes arguments. What needs a checkpoint runs with {@code -DskipTests} in place of {@code
 * -Dquick}, which leaves out native libraries.
 */
@NullMarked
package org.donotanswer.examples;

import org.jspecify.annotations.NullMarked;
