package org.donotanswer.bench.cli;

import java.nio.file.Path;
import java.util.stream.Stream;

/** The arguments with which tests collect the responses of a scripted LLM, named tiny. Stateless, hence thread-safe. */
final class CollectArgs {
    private CollectArgs() {}

    static Object[] of(String endpoint, Path data, Path run, Object... more) {
        return Stream.concat(
                        Stream.of("collect", "--endpoint", endpoint, "--llm", "tiny", "--data", data, "--output", run),
                        Stream.of(more))
                .toArray();
    }
}
