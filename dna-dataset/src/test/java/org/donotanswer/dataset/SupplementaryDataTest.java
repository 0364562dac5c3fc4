package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupplementaryDataTest {
    @TempDir
    private Path directory;

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", lines));
    }

    @Test
    void load_allFiles_readsThem() throws IOException {
        write(
                "benign_exchanges.jsonl",
                "{\"source\":\"s\",\"llm\":\"claude\",\"instruction\":\"Bake?\",\"response\":\"Flour\\nand eggs.\"}",
                "",
                "{\"response\":\"Fine.\",\"instruction\":\"How?\",\"llm\":\"my-llm\",\"source\":\"s\",\"more\":1}\r\n");
        write(
                "benign_hard_exchanges.jsonl",
                "{\"source\":\"s\",\"llm\":\"human\",\"instruction\":\"a\",\"response\":\"b\"}");
        write("risky_instructions.jsonl", "{\"source\":\"s\",\"instruction\":\"Steal a goose.\"}");
        write(
                "hh_harmless_pairs.jsonl",
                "{\"source\":\"s\",\"conversation\":[{\"role\":\"user\",\"text\":\"a\"},{\"role\":\"assistant\",\"text\":\"b\"}],"
                        + "\"preferred\":\"\",\"other\":\"c\"}");
        SupplementaryData data = SupplementaryData.load(directory);
        assertThat(data.benignExchanges())
                .containsExactly(
                        new BenignExchange("s", "claude", "Bake?", "Flour\nand eggs."),
                        new BenignExchange("s", "my-llm", "How?", "Fine."));
        assertThat(data.benignExchanges())
                .extracting(BenignExchange::llm)
                .containsExactly(Optional.of(Llm.CLAUDE), Optional.of(Llm.of("my-llm")));
        assertThat(data.hardBenignExchanges()).extracting(BenignExchange::llm).containsExactly(Optional.empty());
        assertThat(data.riskyInstructions()).containsExactly(new RiskyInstruction("s", "Steal a goose."));
        assertThat(data.preferencePairs())
                .containsExactly(new PreferencePair(
                        "s",
                        List.of(
                                new PreferencePair.Message(PreferencePair.Speaker.USER, "a"),
                                new PreferencePair.Message(PreferencePair.Speaker.ASSISTANT, "b")),
                        "",
                        "c"));
        assertThat(data.checksums())
                .hasSize(4)
                .containsEntry("risky_instructions.jsonl", Sha256.of(directory.resolve("risky_instructions.jsonl")));
        assertThat(data).hasToString("SupplementaryData[2 benign, 1 hard benign, 1 risky, 1 pairs]");
    }

    @Test
    void excludingLicences_leavesTheRest() throws IOException {
        String exchange = "{\"source\":\"s\",\"llm\":\"human\",\"instruction\":\"a\",\"response\":\"b\"}";
        write("benign_exchanges.jsonl", exchange);
        write("benign_hard_exchanges.jsonl", exchange);
        write(
                "risky_instructions.jsonl",
                "{\"source\":\"CatQA\",\"instruction\":\"Steal a goose.\"}",
                "{\"source\":\"AdvBench\",\"instruction\":\"Steal a duck.\"}",
                "{\"source\":\"own\",\"instruction\":\"Steal a hen.\"}");
        SupplementaryData data = SupplementaryData.load(directory);

        assertThat(data.excludingLicences(List.of("NC")))
                .hasToString("SupplementaryData[0 benign, 1 hard benign, 3 risky, 0 pairs]");
        SupplementaryData left = data.excludingLicences(List.of("BY-SA", "mit", "unknown"));
        assertThat(left.hardBenignExchanges()).isEmpty();
        assertThat(left.benignExchanges()).hasSize(1);
        assertThat(left.riskyInstructions())
                .extracting(RiskyInstruction::source)
                .containsExactly("CatQA");
        assertThat(left.checksums()).isEqualTo(data.checksums());
        assertThatThrownBy(() -> data.excludingLicences(List.of("CC", "Apache-2.0", "MIT", "unknown")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("examples must be left, but were all excluded (licences [CC, Apache-2.0, MIT, unknown])");
    }

    @Test
    void load_someFiles_suffice() throws IOException {
        write("risky_instructions.jsonl", "\uFEFF{\"source\":\"s\",\"instruction\":\"Steal a goose.\"}");
        SupplementaryData data = SupplementaryData.load(directory);
        assertThat(data.riskyInstructions()).hasSize(1);
        assertThat(data.benignExchanges()).isEmpty();
        assertThat(data.checksums()).containsOnlyKeys("risky_instructions.jsonl");
    }

    @Test
    void load_noFiles_failsClearly() {
        assertThatThrownBy(() -> SupplementaryData.load(directory))
                .isInstanceOf(DatasetFormatException.class)
                .hasMessageStartingWith("directory must hold one of [benign_exchanges.jsonl, ")
                .hasMessageEndingWith("but had none (" + directory + ")");
        assertThatThrownBy(() -> SupplementaryData.load(directory.resolve("absent")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"source\":\"geese\",                            | 19 | line must be a JSON object, but was malformed",
                "{\"source\":geese}                                | 11 | line must be a JSON object, but was malformed",
                "{\"source\":\"s\",\"source\":\"geese\"}           | 23 | line must be a JSON object, but was malformed",
                "{\"source\":\"s\",\"instruction\":\"geese\"} {}   | 38 | line must be a JSON object, but was malformed",
                "[\"geese\"]                                       |    | line must be a JSON object, but was ARRAY",
                "{\"source\":\"s\"}                                | instruction | instruction must be a string, but was missing",
                "{\"source\":\"s\",\"instruction\":7}              | instruction | instruction must be a string, but was NUMBER",
                "{\"source\":\"s\",\"instruction\":null}           | instruction | instruction must be a string, but was NULL",
                "{\"source\":\"s\",\"instruction\":\" \"}          | instruction | instruction must not be blank, but was",
            })
    void load_malformedLine_namesFileAndLine(String line, String column, String problem) throws IOException {
        Path file = write("risky_instructions.jsonl", "{\"source\":\"s\",\"instruction\":\"Steal.\"}", "", line);
        DatasetFormatException e =
                catchThrowableOfType(DatasetFormatException.class, () -> SupplementaryData.load(directory));
        assertThat(e).isNotNull();
        assertThat(e).hasMessageStartingWith(problem + " (" + file + ", line 3");
        assertThat(e.getMessage()).doesNotContain("geese");
        assertThat(e.getCause()).isNull();
        assertThat(e.line()).isEqualTo(3);
        assertThat(e.column()).isEqualTo(Optional.ofNullable(column));
    }

    @Test
    void load_badConversation_isAnError() throws IOException {
        write(
                "hh_harmless_pairs.jsonl",
                "{\"source\":\"s\",\"conversation\":[{\"role\":\"judge\",\"text\":\"a\"}],\"preferred\":\"b\",\"other\":\"c\"}");
        assertThatThrownBy(() -> SupplementaryData.load(directory))
                .hasMessageStartingWith("role must be user or assistant, but was \"judge\" (");
        write("hh_harmless_pairs.jsonl", "{\"source\":\"s\",\"conversation\":[],\"preferred\":\"b\",\"other\":\"c\"}");
        assertThatThrownBy(() -> SupplementaryData.load(directory))
                .hasMessageStartingWith("conversation must be a non-empty array, but was empty (");
        write("hh_harmless_pairs.jsonl", "{\"source\":\"s\",\"conversation\":[3],\"preferred\":\"b\",\"other\":\"c\"}");
        assertThatThrownBy(() -> SupplementaryData.load(directory))
                .hasMessageStartingWith("role must be a string, but was missing (");
    }

    @Test
    void load_badLlmName_isAnError() throws IOException {
        write("benign_exchanges.jsonl", "{\"source\":\"s\",\"llm\":\"x_ro\",\"instruction\":\"a\",\"response\":\"b\"}");
        assertThatThrownBy(() -> SupplementaryData.load(directory))
                .hasMessageStartingWith("LLM name must not end with _ro")
                .hasMessageEndingWith(", line 1, column llm)");
    }

    @Test
    void load_otherCharset_isAnError() throws IOException {
        Files.write(
                directory.resolve("risky_instructions.jsonl"),
                "{\"source\":\"s\",\"instruction\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> SupplementaryData.load(directory))
                .hasMessageStartingWith("text must be UTF-8, but had byte 0xE9 (")
                .hasMessageEndingWith(", line 1, column 33)");
    }

    @Test
    @RealData
    void load_realData_hasTheKnownCounts() throws IOException {
        SupplementaryData data = SupplementaryData.load(RealDataDirectories.moreData());
        assertThat(data.benignExchanges()).hasSize(3414);
        assertThat(data.hardBenignExchanges()).hasSize(288);
        assertThat(data.riskyInstructions()).hasSize(3071);
        assertThat(data.preferencePairs()).hasSize(2312);
        for (Llm llm : Llm.published()) {
            assertThat(data.benignExchanges())
                    .filteredOn(exchange -> exchange.llm().equals(Optional.of(llm)))
                    .hasSize(569);
        }
        assertThat(data.hardBenignExchanges())
                .allMatch(exchange -> exchange.llm().isEmpty());
        assertThat(data.checksums()).hasSize(4);
    }
}
