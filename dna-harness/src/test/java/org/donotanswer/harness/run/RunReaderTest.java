package org.donotanswer.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.BadInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReaderTest {
    @TempDir
    private Path directory;

    private RunDirectory run;

    @BeforeEach
    void makeRun() throws IOException {
        run = RunDirectory.openOrCreate(
                directory.resolve("run"),
                new RunManifest(Llm.of("fish"), "import", "0".repeat(64), 200, new TreeMap<>(), "1"));
    }

    /** Texts shorter and longer than the buffers of a reader, with characters of one to four bytes. */
    private List<CollectedResponse> respond(int count) throws IOException {
        List<CollectedResponse> responses = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            String text = (id % 3 == 0 ? "é\uD83D\uDE00" : "word ").repeat(id % 20 == 7 ? 40_000 : id);
            responses.add(CollectedResponse.of("id-" + id, Optional.empty(), Exchange.of("question " + id, text + id)));
        }
        try (ResponseLog log = run.appendResponses()) {
            log.append(responses);
        }
        return responses;
    }

    private static <T> List<T> all(RunReader<T> reader) throws IOException {
        List<T> all = new ArrayList<>();
        for (T next = reader.next(); next != null; next = reader.next()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void at_anyOrder_returnsTheRecordOfThePosition() throws IOException {
        List<CollectedResponse> responses = respond(60);
        List<Integer> order = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        try (RunReader<CollectedResponse> reader = run.readResponses()) {
            for (CollectedResponse next = reader.next(); next != null; next = reader.next()) {
                order.add(order.size());
                positions.add(reader.position());
            }
            Collections.shuffle(order, new Random(3));

            for (int i : order) {
                assertThat(reader.at(positions.get(i))).isEqualTo(responses.get(i));
            }
            for (int i = 0; i < 60; i++) {
                assertThat(reader.at(positions.get(i))).isEqualTo(responses.get(i));
            }
            assertThat(reader.ids().find("id-59")).isEqualTo(59);
        }
    }

    @Test
    void records_thatAreAddedLater_areNotRead() throws IOException {
        List<CollectedResponse> responses = respond(2);
        Path file = run.path().resolve("responses.jsonl");
        Files.writeString(file, "{\"id\":\"torn", StandardOpenOption.APPEND);

        try (RunReader<CollectedResponse> reader = run.readResponses()) {
            Files.writeString(file, "\",\"instruction\":\"a\",\"response\":\"b\"}\n", StandardOpenOption.APPEND);

            assertThat(all(reader)).isEqualTo(responses);
        }
        assertThat(run.responses()).containsOnlyKeys("id-0", "id-1", "torn");
    }

    @Test
    void missingFile_hasNoRecords() throws IOException {
        try (RunReader<StoredReview> reviews = run.readReviews("nobody")) {
            assertThat(reviews.next()).isNull();
            assertThat(reviews.skipAll()).isZero();
        }
    }

    @Test
    void repeatedId_isAnErrorOfItsLine() throws IOException {
        respond(3);
        Path file = run.path().resolve("responses.jsonl");
        Files.writeString(
                file, "{\"id\":\"id-1\",\"instruction\":\"a\",\"response\":\"b\"}\n", StandardOpenOption.APPEND);

        try (RunReader<CollectedResponse> reader = run.readResponses()) {
            assertThatThrownBy(reader::skipAll)
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("id must be unique, but was repeated (" + file + ", line 4, column id)");
        }
    }
}
