import org.jspecify.annotations.NullMarked;

/** Guards a chatbot: policies, guards, guarded streams and adapters to frameworks. */
@NullMarked
// Most frameworks are no modules yet. All libraries and frameworks are optional: an application that uses one requires it.
@SuppressWarnings("requires-automatic")
module org.donotanswer.guard {
    requires transitive org.donotanswer.core;
    requires com.fasterxml.jackson.annotation;
    requires static com.fasterxml.jackson.databind;
    requires static com.fasterxml.jackson.dataformat.yaml;
    requires static com.github.benmanes.caffeine;
    requires static langchain4j.core;
    requires static micrometer.core;
    requires static org.jspecify;
    // Spring AI comes with it. Its own jars share packages, so that it works on the class path only.
    requires static reactor.core;
    requires static spring.boot.autoconfigure;

    exports org.donotanswer.guard;
    exports org.donotanswer.guard.audit;
    exports org.donotanswer.guard.langchain4j;
    exports org.donotanswer.guard.micrometer;
    exports org.donotanswer.guard.policy;
    exports org.donotanswer.guard.reactor;
    exports org.donotanswer.guard.springai;
    exports org.donotanswer.guard.springboot;
    exports org.donotanswer.guard.stream;
    exports org.donotanswer.guard.tune;

    // Spring creates its configuration by reflection.
    opens org.donotanswer.guard.springboot;
}
