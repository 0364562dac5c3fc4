module optional {
    requires com.fasterxml.jackson.dataformat.yaml;
    requires com.github.benmanes.caffeine;
    requires org.donotanswer.guard;
    requires reactor.core;
}
