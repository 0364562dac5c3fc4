package org.donotanswer.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.internal.OptionalDependency;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what the evaluator said of texts, not the texts. Only this class knows Caffeine, which is there only where a cache
 * was asked for. Thread-safe.
 */
final class AssessmentCache {
    private final CacheKey.Factory keys;
    private final Cache<CacheKey, Assessment> assessments;

    private AssessmentCache(CacheKey.Factory keys, Cache<CacheKey, Assessment> assessments) {
        this.keys = keys;
        this.assessments = assessments;
    }

    /**
     * Returns a cache of at most so many assessments.
     *
     * @throws IllegalStateException if Caffeine is not on the class path
     */
    static AssessmentCache of(SafetyEvaluator evaluator, String policyVersion, long size, @Nullable Duration expiry) {
        CacheKey.Factory keys = new CacheKey.Factory(evaluator, policyVersion);
        try {
            Caffeine<Object, Object> builder = Caffeine.newBuilder().maximumSize(size);
            if (expiry != null) {
                builder.expireAfterWrite(expiry);
            }
            return new AssessmentCache(keys, builder.build());
        } catch (NoClassDefFoundError e) {
            throw OptionalDependency.CAFFEINE.missing("a cache", e);
        }
    }

    CacheKey key(Verdict.Subject subject, String instruction, String text) {
        return keys.of(subject, instruction, text);
    }

    @Nullable
    Assessment get(CacheKey key) {
        return assessments.getIfPresent(key);
    }

    /** Keeps what would be said again, and no failure that may pass. */
    void put(CacheKey key, Assessment assessment) {
        if (isLasting(assessment)) {
            assessments.put(key, assessment);
        }
    }

    private static boolean isLasting(Assessment assessment) {
        if (!(assessment instanceof Unscored unscored)) {
            return true;
        }
        return switch (unscored.reason()) {
            case EMPTY_RESPONSE, UNSUPPORTED_LANGUAGE, INVALID_INPUT, TEXT_TOO_LONG, NOT_SUPPORTED -> true;
            default -> false;
        };
    }
}
