package org.donotanswer.harness.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.metrics.Interval;

/**
 * A report as JSON, for machines: all of it but the exchanges to search, with numbers at full precision. A number that is not defined is null, with
 * {@code "undefined": true} beside it. The members are the components of {@link Report}.
 */
final class JsonReport {
    private static final FigureJson JSON = FigureJson.with(Map.of(
            Report.Block.class, BlockMixIn.class,
            Report.Table.class, TableMixIn.class,
            Report.Chart.class, ChartMixIn.class,
            Report.Answers.class, AnswersMixIn.class,
            Report.Figure.class, FigureMixIn.class));

    private JsonReport() {}

    static String of(Report report) {
        return JSON.write(report);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Report.Paragraph.class, name = "paragraph"),
        @JsonSubTypes.Type(value = Report.KeyFigures.class, name = "keyFigures"),
        @JsonSubTypes.Type(value = Report.Table.class, name = "table"),
        @JsonSubTypes.Type(value = Report.Chart.class, name = "chart"),
        @JsonSubTypes.Type(value = Report.Examples.class, name = "examples"),
        @JsonSubTypes.Type(value = Report.Answers.class, name = "answers")
    })
    private interface BlockMixIn {}

    private interface TableMixIn {
        @JsonProperty("id")
        String tableId();
    }

    private interface ChartMixIn {
        @JsonProperty("id")
        String chartId();

        @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
        @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
        Report.Table data();
    }

    private interface AnswersMixIn {
        // They are where they come from, and in the page.
        @JsonIgnore
        @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
        List<Report.Answer> answers();
    }

    @JsonSerialize(converter = ToMembers.class)
    private interface FigureMixIn {}

    private static final class ToMembers extends StdConverter<Report.Figure, FigureMembers> {
        @Override
        public FigureMembers convert(Report.Figure figure) {
            return new FigureMembers(
                    figure.value(),
                    Double.isNaN(figure.value()),
                    figure.decimals(),
                    figure.interval().map(IntervalMembers::of));
        }
    }

    private record FigureMembers(
            double value,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean undefined,
            int decimals,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<IntervalMembers> interval) {}

    private record IntervalMembers(
            double lower, double upper, @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean undefined) {
        static IntervalMembers of(Interval interval) {
            return new IntervalMembers(interval.lower(), interval.upper(), Double.isNaN(interval.lower()));
        }
    }
}
