package org.donotanswer.bench.load;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * A guard with one judge under load. Immutable, hence thread-safe.
 *
 * @param judge the name of the judge
 * @param evaluator the name of the evaluator, including its version
 * @param evaluatesOn the threads that evaluate
 * @param callers the number of callers that serve the arrivals of checks
 * @param openStreams the number of streams that are open at a time
 * @param saturatingChecks the saturating rate of checks, a second
 * @param saturatingChunks the saturating rate of chunks of streams, a second
 * @param saturatingRefused how many checks and chunks were refused meanwhile, in all repetitions together; they do not count
 * @param checks latencies of checks
 * @param releases latencies of releases of streams
 * @param overload what becomes of checks beyond the saturating rate
 */
@JsonPropertyOrder({
    "judge",
    "evaluator",
    "evaluatesOn",
    "callers",
    "openStreams",
    "saturatingChecks",
    "saturatingChunks",
    "saturatingRefused",
    "checks",
    "releases",
    "overload"
})
public record JudgeLoad(
        String judge,
        String evaluator,
        String evaluatesOn,
        int callers,
        int openStreams,
        RepetitionSpread saturatingChecks,
        RepetitionSpread saturatingChunks,
        long saturatingRefused,
        List<LoadRow> checks,
        List<LoadRow> releases,
        List<OverloadRow> overload) {
    /** Copies the lists. */
    public JudgeLoad {
        checks = List.copyOf(checks);
        releases = List.copyOf(releases);
        overload = List.copyOf(overload);
    }
}
