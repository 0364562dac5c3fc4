import org.jspecify.annotations.NullMarked;

/** Taxonomy, evaluation contracts and metrics of Do-Not-Answer. */
@NullMarked
// The modules that the internal package is exported to are compiled later than this one.
@SuppressWarnings("module")
module org.donotanswer.core {
    requires com.fasterxml.jackson.annotation;
    requires static org.jspecify;

    exports org.donotanswer.evaluate;
    exports org.donotanswer.internal to
            org.donotanswer.bench,
            org.donotanswer.classifier,
            org.donotanswer.dataset,
            org.donotanswer.encoder,
            org.donotanswer.guard,
            org.donotanswer.harness,
            org.donotanswer.spark;
    exports org.donotanswer.metrics;
    exports org.donotanswer.taxonomy;

    uses org.donotanswer.evaluate.EvaluatorProvider;
}
