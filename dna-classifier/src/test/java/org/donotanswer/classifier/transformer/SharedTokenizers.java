package org.donotanswer.classifier.transformer;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that needs real tokenizers, which are not in the repository. They are looked for at the system property
 * {@code dna.tokenizers}, or else in the directory {@code shared/tokenizers} beside the repository. Where they are not found,
 * the test is skipped and says so; where the environment variable {@code CI} is {@code true}, it fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("real-data")
@ExtendWith(SharedTokenizersCondition.class)
@interface SharedTokenizers {}
