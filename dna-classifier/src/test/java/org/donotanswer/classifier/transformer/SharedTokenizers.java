package org.donotanswer.classifier.transformer;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that needs real tokenizers, which are not in the repository. They are expected in the directory given by
 * the system property {@code dna.tokenizers}, by default {@code shared/tokenizers} next to the repository. If they are
 * missing, the test is reported as skipped, or fails if the environment variable {@code CI} is {@code true}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("real-data")
@ExtendWith(SharedTokenizersCondition.class)
@interface SharedTokenizers {}
