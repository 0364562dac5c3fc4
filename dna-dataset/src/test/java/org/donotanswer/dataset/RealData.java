package org.donotanswer.dataset;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that needs the published data, which is not in the repository. Where the directories are not found, the
 * test is skipped and says so; where the environment variable {@code CI} is {@code true}, it fails.
 *
 * @see RealDataDirectories
 */
// Tests are patched into the module, which exports this package; JUnit is no part of it.
@SuppressWarnings("exports")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("real-data")
@ExtendWith(RealDataCondition.class)
public @interface RealData {}
