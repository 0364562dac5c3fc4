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
 * The properties under {@value #PREFIX}. Properties that are not set keep the builders' defaults. An unknown property or an invalid
 * value prevents the application from starting: a guard that is missing because of a typo would be noticed too late. Immutable,
 * hence thread-safe.
 *
 * @param enabled whether to guard at all
 * @param policy the location of the policy, in JSON or YAML, for example {@code classpath:policy.yaml} or {@code file:policy.json}
 * @param shadow whether the policy only observes; overrides the policy's own setting
 * @param failMode what happens to texts that could not be checked
 * @param deadline the time limit of a check
 * @param threads the kind of threads on which the evaluator runs
 * @param maxConcurrent the maximum number of concurrent checks
 * @param contextTurns the maximum number of earlier user turns that are evaluated with an exchange
 * @param cache the maximum number of cached assessments
 * @param throwing whether blocked texts throw a {@code BlockedException} instead of getting the policy's text
 * @param checkInstructions whether to check instructions as well, before the model sees them
 * @param order the order of the advisor that checks responses
 * @param adviseChatClients whether to add the guard to the builders of chat clients
 * @param locale the language of the policy's text for requests that name none
 * @param stream the settings for streamed responses
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
        @DefaultValue StreamProperties stream) {
    /** The prefix of all properties. */
    public static final String PREFIX = "donotanswer.guard";

    /**
     * The properties of streams.
     *
     * @param minimumStep the minimum number of new chars in a window
     * @param maximumStep the maximum number of new chars in a window
     * @param overlap the minimum number of chars that adjacent windows share
     * @param maxCharacters the maximum length of a response, in chars
     * @param idleTimeout the maximum time that a model may be silent
     * @param holdWholeAnswer whether nothing is shown until the response is complete
     */
    public record StreamProperties(
            @Nullable Integer minimumStep,
            @Nullable Integer maximumStep,
            @Nullable Integer overlap,
            @Nullable Integer maxCharacters,
            @Nullable Duration idleTimeout,
            @Nullable Boolean holdWholeAnswer) {}
}
