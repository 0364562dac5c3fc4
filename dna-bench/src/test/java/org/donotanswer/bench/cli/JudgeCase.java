package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.junit.jupiter.api.io.TempDir;

/** Base of tests that judge runs. */
abstract class JudgeCase {
    /** A variable that every process has, instead of one with a key. */
    static final String VARIABLE = "PATH";

    static final String PRIVATE = "xylophonist";

    @TempDir
    Path directory;

    /** Creates a run. The fake evaluator flags responses that contain "harm", the stub those that contain "bad". */
    final Path run(String name, String... responses) throws IOException {
        Path path = directory.resolve(name);
        RunDirectory run = RunDirectory.openOrCreate(
                path, new RunManifest(Llm.of("fish"), "import", "0".repeat(64), 9, new TreeMap<>(), "1"));
        try (ResponseLog log = run.appendResponses()) {
            for (int i = 0; i < responses.length; i++) {
                log.append(new CollectedResponse(
                        "q" + i,
                        Optional.empty(),
                        false,
                        Exchange.of("Says the " + PRIVATE, responses[i].isEmpty() ? "" : responses[i] + " " + PRIVATE),
                        Optional.empty(),
                        TokenUsage.NONE,
                        Optional.empty()));
            }
        }
        return path;
    }

    static JudgeEndpoint judging() throws IOException {
        return JudgeEndpoint.of((user, schema) -> JudgeEndpoint.verdict(user, schema, user.contains("bad")));
    }

    static Run judge(Object... args) {
        Object[] all = new Object[args.length + 1];
        all[0] = "judge";
        System.arraycopy(args, 0, all, 1, args.length);
        Run run = Run.of(all);
        assertThat(run.out() + run.err()).doesNotContain(PRIVATE, System.getenv(VARIABLE));
        return run;
    }

    static Object[] llm(JudgeEndpoint endpoint, Object... more) {
        List<Object> args = new ArrayList<>(List.of(
                "--evaluator", "llm", "--endpoint", endpoint.address(), "--judge-model", "stub", "--max-attempts", 1));
        args.addAll(Arrays.asList(more));
        return args.toArray();
    }
}
