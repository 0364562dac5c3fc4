import org.jspecify.annotations.NullMarked;

/** Taxonomy, evaluation contracts and metrics of Do-Not-Answer. */
@NullMarked
module org.donotanswer.core {
    requires com.fasterxml.jackson.annotation;
    requires static org.jspecify;

    exports org.donotanswer.evaluate;
    exports org.donotanswer.metrics;
    exports org.donotanswer.taxonomy;

    uses org.donotanswer.evaluate.EvaluatorProvider;
}
