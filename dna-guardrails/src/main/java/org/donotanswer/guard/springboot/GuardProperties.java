package org.donotanswer.guard.springboot;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * @param evaluator the name of the evaluator, for example {@code embedded} or {@code cascade}; if not set, the best one for a guard
 *     on the class path
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
 * @param audit the settings of the audit log, which is written if a file is named
 * @param metrics the settings of the metrics
 * @param observations the settings of the observations
 */
@ConfigurationProperties(prefix = GuardProperties.PREFIX, ignoreUnknownFields = false)
public record GuardProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String evaluator,
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
        @DefaultValue StreamProperties stream,
        @DefaultValue AuditProperties audit,
        @DefaultValue MetricsProperties metrics,
        @DefaultValue ObservationsProperties observations) {
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

    /**
     * The properties of the audit log.
     *
     * @param file the path of the file, which the log appends to
     * @param key the key that texts are hashed with, in Base64; usually a placeholder, such as <code>${AUDIT_KEY}</code>
     * @param keyFile the path of a file that holds the key instead
     * @param plainTexts whether texts are written in plain
     * @param queue the maximum number of verdicts in the queue
     */
    public record AuditProperties(
            @Nullable String file,
            @Nullable String key,
            @Nullable String keyFile,
            @DefaultValue("false") boolean plainTexts,
            @Nullable Integer queue) {
        /** Returns all properties but the key, which is a secret. */
        @Override
        public String toString() {
            return "AuditProperties[file=" + file + ", key=" + (key == null ? "none" : "given") + ", keyFile=" + keyFile
                    + ", plainTexts=" + plainTexts + ", queue=" + queue + "]";
        }
    }

    /**
     * The properties of the metrics.
     *
     * @param enabled whether verdicts are counted; if not set, they are if there is a registry
     * @param histogram whether the timer has a histogram
     * @param objectives times for which the timer counts how many checks took no longer
     * @param tags the tags of all meters
     */
    public record MetricsProperties(
            @Nullable Boolean enabled,
            @Nullable Boolean histogram,
            @DefaultValue List<Duration> objectives,
            @DefaultValue Map<String, String> tags) {
        /** Copies lists and maps. */
        public MetricsProperties {
            objectives = List.copyOf(objectives);
            tags = Map.copyOf(tags);
        }
    }

    /**
     * The properties of the observations.
     *
     * @param enabled whether every check is an observation
     */
    public record ObservationsProperties(@DefaultValue("false") boolean enabled) {}
}
