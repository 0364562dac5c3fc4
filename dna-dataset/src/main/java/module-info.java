import org.jspecify.annotations.NullMarked;

/** The Do-Not-Answer benchmark: loading, download, statistics and splits. */
@NullMarked
module org.donotanswer.dataset {
    requires transitive org.donotanswer.core;
    requires com.fasterxml.jackson.databind;
    requires com.google.common;
    requires java.net.http;
    requires static org.jspecify;

    exports org.donotanswer.dataset;
    exports org.donotanswer.dataset.csv;
    exports org.donotanswer.dataset.split;
}
