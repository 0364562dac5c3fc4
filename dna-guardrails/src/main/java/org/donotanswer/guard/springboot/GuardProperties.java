package org.donotanswer.guard.springboot;

import java.time.Duration;
import java.util.Locale;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.GuardThreads;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * The properties under {@value #PREFIX}. What is not set is as the builders have it. A property of another name, or a value that
 * does not fit, stops the application from starting: a guard that is not there because of a typing error would be missed too
 * late. Immutable, hence thread-safe.
 *
 * @param enabled whether there is a guard at all
 * @param policy where the policy lies, in JSON or YAML, such as {@code classpath:policy.yaml} or {@code file:policy.json}
 * @param shadow whether the policy only watches, whatever it says itself
 * @param failMode what becomes of texts that could not be judged
 * @param deadline the time within which a judgement is made
 * @param threads on which threads is evaluated
 * @param maxConcurrent how many texts are judged at a time
 * @param contextTurns how many earlier turns of the user may be read with an exchange
 * @param cache how many assessments are remembered
 * @param throwing whether what is blocked throws a {@code BlockedException}, in place of getting the policy's text
 * @param checkInstructions whether what users say is judged, too, before the model sees it
 * @param order the order of the advisor of answers among those of a chat client
 * @param adviseChatClients whether the builders of chat clients get the guard
 * @param locale the language of the policy's text for requests that name none
 * @param stream how answers are guarded while they are written
 */
@ConfigurationProperties(prefix = GuardProperties.PREFIX, ignoreUnknownFields = false)
public record GuardProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Resource policy,
        @Nullable Boolean shadow,
        @DefaultValue("closed") FailMode failMode,
        @Nullable Duration deadline,
        @Nullable GuardThreads threads,
        @Nullable Integer maxConcurrent,
        @Nullable Integer contextTurns,
        @Nullable Long cache,
        @DefaultValue("false") boolean throwing,
        @DefaultValue("false") boolean checkInstructions,
        @Nullable Integer order,
        @DefaultValue("true") boolean adviseChatClients,
        @DefaultValue("en") Locale locale,
        @DefaultValue Stream stream) {
    /** What the names of all properties begin with. */
    public static final String PREFIX = "donotanswer.guard";

    /**
     * The properties of streams.
     *
     * @param minimumStep how many chars are new in a window at least
     * @param maximumStep how many chars are new in a window at most
     * @param overlap how many chars neighbouring windows share at least
     * @param maxCharacters how many chars an answer may have
     * @param idleTimeout how long a model may say nothing
     * @param holdWholeAnswer whether nothing is shown before the answer is complete
     */
    public record Stream(
            @Nullable Integer minimumStep,
            @Nullable Integer maximumStep,
            @Nullable Integer overlap,
            @Nullable Integer maxCharacters,
            @Nullable Duration idleTimeout,
            @Nullable Boolean holdWholeAnswer) {}
}
