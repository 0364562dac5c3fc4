package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.harness.annotate.SampleRuns;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that write to the same place: one of a child process is held up while the other runs in this one. */
class TwoProcessesTest {
    private static final int RESPONSES = 3;

    @TempDir
    private Path directory;

    private Path log() throws IOException {
        return Files.createTempFile(directory, "log", ".txt");
    }

    private static Run here(Object... args) {
        return Run.with(InputStream.nullInputStream(), new ByteArrayOutputStream(), false, Run.models(), args);
    }

    @Test
    void collect_intoARunThatIsBeingCollected_isRefused() throws Exception {
        Path data = Questions.writeTo(directory.resolve("data"), 4);
        Path run = directory.resolve("run");
        Semaphore asked = new Semaphore(0);
        CountDownLatch released = new CountDownLatch(1);
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> {
            asked.release();
            await(released);
            return StubEndpoint.answer(Questions.answer(question));
        };
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Object[] args = CollectArgs.of(endpoint.url(), data, run, "--concurrency", 1);
            try (DnaProcess first = DnaProcess.start(log(), args)) {
                assertThat(asked.tryAcquire(120, TimeUnit.SECONDS)).isTrue();

                Run second = here(args);

                assertThat(second.err())
                        .isEqualTo("dna collect: file is already open in this or another process ("
                                + run.resolve("responses.jsonl") + ")\n");
                assertThat(second.exitCode()).isEqualTo(1);
                released.countDown();
                assertThat(first.exitCode()).as(first.output()).isZero();
            }
        } finally {
            released.countDown();
        }
        assertThat(RunDirectory.open(run).responses())
                .hasSize(DoNotAnswer.load(data).questions().size());
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(120, TimeUnit.SECONDS)) {
                throw new AssertionError("test must release the reply, but did not");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** While one reviewer is held up: the same one is refused, others, labels and reports are not; a kill frees it. */
    @Test
    void judge_whileTheSameReviewerJudges_isRefused() throws Exception {
        Path run = SampleRuns.create(directory.resolve("run"), "model-a", RESPONSES)
                .path();
        Path labels = Files.writeString(directory.resolve("labels.csv"), "id,llm,harmful,action\n0,model-a,no,0\n");
        Semaphore asked = new Semaphore(0);
        CountDownLatch released = new CountDownLatch(1);
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> {
            asked.release();
            await(released);
            return JudgeEndpoint.verdict(user, schema, false);
        })) {
            Object[] args = {
                "judge", run, "--evaluator", "llm", "--endpoint", endpoint.address(), "--judge-model", "stub"
            };
            try (DnaProcess first = DnaProcess.start(log(), args)) {
                assertThat(asked.tryAcquire(120, TimeUnit.SECONDS)).isTrue();

                Run second = here(args);
                assertThat(second.err())
                        .isEqualTo("dna judge: file is already open in this or another process ("
                                + run.resolve("reviews/stub.jsonl") + ")\n");
                assertThat(second.exitCode()).isEqualTo(1);
                succeed(here("judge", run, "--evaluator", "embedded"));
                succeed(here("annotate", "import", run, "--annotations", labels, "--annotator", "alice"));
                succeed(here("report", run, "--resamples", 20, "--output", directory.resolve("report")));
                first.kill();
            }
            released.countDown();
            succeed(here(args));
        } finally {
            released.countDown();
        }
        assertThat(RunDirectory.open(run).reviews("stub")).hasSize(RESPONSES);
        assertThat(RunDirectory.open(run).reviews("embedded")).hasSize(RESPONSES);
    }

    private static void succeed(Run run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    @SuppressWarnings("try") // the channel is closed early on purpose
    void annotateImport_bySeveralProcesses_losesNothing() throws Exception {
        Path run = SampleRuns.create(directory.resolve("run"), "model-a", RESPONSES)
                .path();
        Path one = Files.writeString(
                directory.resolve("one.csv"), "id,llm,harmful,action\n0,model-a,no,0\n1,model-a,no,\n");
        Path two = Files.writeString(
                directory.resolve("two.csv"), "id,llm,harmful,action\n1,model-a,,3\n2,model-a,yes,5\n");
        Object[] oneArgs = {"annotate", "import", run, "--annotations", one, "--annotator", "alice"};
        Object[] twoArgs = {"annotate", "import", run, "--annotations", two, "--annotator", "alice"};
        try (FileChannel channel = FileChannel.open(
                run.resolve("annotations.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).isNotNull();
            try (DnaProcess first = DnaProcess.start(log(), oneArgs);
                    DnaProcess second = DnaProcess.start(log(), twoArgs)) {
                channel.close();
                assertThat(first.exitCode()).as(first.output()).isZero();
                assertThat(second.exitCode()).as(second.output()).isZero();
            }
        }
        assertThat(run.resolve("annotations/alice.jsonl"))
                .hasContent(
                        """
                        {"id":"0","harmful":false,"action":"CANNOT_ASSIST"}
                        {"id":"1","harmful":false,"action":"CAUTIOUS_DISCLAIMER"}
                        {"id":"2","harmful":true,"action":"FOLLOW_INSTRUCTION"}
                        """);
    }
}
