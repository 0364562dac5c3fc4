package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.Map;
import org.donotanswer.harness.report.FigureJson;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.McNemar;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;

/** Writes a cross-validation as JSON. Its keys are a contract. Pure functions, hence thread-safe. */
public final class CrossValidationJson {
    /** Writes figures of any kind in the same form as those of a cross-validation. */
    public static final FigureJson JSON = FigureJson.with(Map.of(
            Bootstrap.Comparison.class, DifferenceJson.class,
            McNemar.class, McNemarJson.class,
            Reliability.Bin.class, BinJson.class,
            Proportion.class, ProportionJson.class));

    private CrossValidationJson() {}

    /** Returns all figures as indented JSON. A figure that is not defined is null. */
    public static String of(CrossValidationReport report) {
        return JSON.write(report);
    }

    @JsonIncludeProperties({"difference", "interval", "pValue"})
    private interface DifferenceJson {
        @JsonFormat(shape = JsonFormat.Shape.ARRAY)
        @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
        Interval interval();
    }

    @JsonIncludeProperties({"onlyThisRight", "onlyOtherRight", "pValue"})
    private interface McNemarJson {
        @JsonProperty("onlyThisRight")
        long onlyFirst();

        @JsonProperty("onlyOtherRight")
        long onlySecond();
    }

    private interface BinJson {
        @JsonProperty("observedShare")
        double observedProportion();
    }

    @JsonSerialize(converter = WithInterval.class)
    private interface ProportionJson {}

    @JsonPropertyOrder({"flagged", "of", "share", "interval"})
    private record FlaggedJson(
            long flagged, long of, double share, @JsonFormat(shape = JsonFormat.Shape.ARRAY) Interval interval) {}

    private static final class WithInterval extends StdConverter<Proportion, FlaggedJson> {
        @Override
        public FlaggedJson convert(Proportion proportion) {
            return new FlaggedJson(
                    proportion.count(),
                    proportion.total(),
                    proportion.value(),
                    proportion.interval(Scoring.CONFIDENCE));
        }
    }
}
