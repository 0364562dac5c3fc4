package org.donotanswer.bench.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks an option that names what a command writes, for {@link OutputRule}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface OutputTarget {
    /** What is written. */
    enum TargetKind {
        /** A file, or - for standard output. An existing file is only replaced by {@code --overwrite}. */
        FILE,
        /** As a file, but one with a {@linkplain OutputPlan#state state} beside it is up to the command, which may go on. */
        RESUMED,
        /** A directory of files. The command decides about those that exist. */
        DIRECTORY,
        /** A directory that a later command continues. Files are only added, or replaced by newer ones of the same command. */
        CONTINUED
    }

    /** Returns what is written. */
    TargetKind value() default TargetKind.FILE;
}
