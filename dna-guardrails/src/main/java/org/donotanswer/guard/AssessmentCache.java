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
 * Caches assessments by checksums of the texts, not the texts. The only class that uses Caffeine, which is optional.
 * Thread-safe.
 */
final class AssessmentCache {
    private final CacheKey.Factory keys;
    private final Cache<CacheKey, Assessment> assessments;

    private AssessmentCache(CacheKey.Factory keys, Cache<CacheKey, Assessment> assessments) {
        this.keys = keys;
        this.assessments = assessments;
    }

    /**
     * Returns a cache with a maximum size.
     *
     * @throws IllegalStateException if Caffeine is missing
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

    /** Stores an assessment, unless it is a failure that may be temporary. */
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
            case EMPTY_RESPONSE, UNSUPPORTED_LANGUAGE, NO_WORDS, INVALID_INPUT, TEXT_TOO_LONG, NOT_SUPPORTED -> true;
            default -> false;
        };
    }
}
