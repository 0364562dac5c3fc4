package org.donotanswer.dataset;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.donotanswer.dataset.RealDataDirectories.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that needs the published data, which is not in the repository. If a directory is missing, the test is skipped
 * with a message, or fails if the environment variable {@code CI} is {@code true}.
 *
 * @see RealDataDirectories
 */
// Tests are patched into the module, which exports this package but does not require JUnit.
@SuppressWarnings("exports")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("real-data")
@ExtendWith(RealDataCondition.class)
public @interface RealData {
    /** The directories that the test needs. */
    Kind[] value() default {Kind.DO_NOT_ANSWER, Kind.MORE_DATA};
}
