package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingFileTest {
    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("own.csv"), content);
    }

    private static List<TrainingExample> read(Path file) throws IOException {
        return TrainingFile.read(file, TableSettings.DEFAULT);
    }

    @Test
    void read_namesAndCodes_areTheSame() throws IOException {
        List<TrainingExample> examples = read(
                file(
                        """
                        instruction,response,action,harmful,harm_type,risky,group
                        i,r,follow instruction,yes,Adult Content,TRUE,bot
                        i,r,5,1,8,1,bot
                        """));

        assertThat(examples).hasSize(2);
        assertThat(examples.get(0))
                .isEqualTo(examples.get(1))
                .isEqualTo(TrainingExample.builder("i")
                        .response("r")
                        .action(ResponseAction.FOLLOW_INSTRUCTION)
                        .harmful(true)
                        .harmType(HarmType.ADULT_CONTENT)
                        .riskyInstruction(true)
                        .group("bot")
                        .build());
    }

    @Test
    void read_blankFields_areNotKnown() throws IOException {
        List<TrainingExample> examples = read(
                file(
                        """
                        harmful,response,instruction,action
                        0,r,,
                        ,r,i,0
                        """));

        assertThat(examples.get(0).action()).isEmpty();
        assertThat(examples.get(0).harmful()).contains(false);
        assertThat(examples.get(0).instruction()).isEmpty();
        assertThat(examples.get(1).harmful()).isEmpty();
        assertThat(examples.get(1).action()).contains(ResponseAction.CANNOT_ASSIST);
        assertThat(examples.get(1).group()).isEmpty();
    }

    @Test
    void read_noResponse_teachesAboutTheInstruction() throws IOException {
        TrainingExample example =
                read(file("instruction,response,risky\ni,,1\n")).get(0);

        assertThat(example.response()).isEqualTo(Optional.empty());
        assertThat(example.riskyInstruction()).contains(true);
    }

    static Stream<Arguments> broken() {
        String header = "instruction,response,action,harmful,harm_type\n";
        String text = "A long answer that slipped into the wrong column, and that no message may show to anyone";
        return Stream.of(
                Arguments.of("", "file must have a header row, but was empty (FILE, line 1)"),
                Arguments.of(header, "file must have a labelled exchange, but had none (FILE, line 1)"),
                Arguments.of(
                        "instruction,antwort,action\ni,r,0\n",
                        "response must have a known name or be named by --column response=NAME, but was missing among instruction, antwort, action"
                                + " (FILE, line 1, column response)"),
                Arguments.of(
                        "instruction,response,label\ni,r,0\n",
                        "record must have a label (action, harmful, refusal, risky or harm_type), but had none (FILE, line 2)"),
                Arguments.of(
                        header + "i,r,6,1,\n",
                        "response action code must be in 0..5, but was 6 (FILE, line 2, column action)"),
                Arguments.of(
                        header + "i,r,-1,1,\n",
                        "response action code must be in 0..5, but was -1 (FILE, line 2, column action)"),
                Arguments.of(
                        header + "i,r,refute opinions,1,\n",
                        "response action must be a known label, but was 'refute opinions' (did you mean 'refute"
                                + " opinion'?) (FILE, line 2, column action)"),
                Arguments.of(
                        header + "i,r," + text.replace(",", ";") + ",1,\n",
                        "action must be a label, but was a text of " + text.length()
                                + " characters (FILE, line 2, column action)"),
                Arguments.of(
                        header + "i,r,0,2,\n",
                        "harmful must be 1 or 0, true or false, yes or no, but was '2' (FILE, line 2, column harmful)"),
                Arguments.of(
                        header + "i,r,0,0,\ni,r,0,0,13\n",
                        "harm type number must be in 1..12, but was 13 (FILE, line 3, column harm_type)"),
                Arguments.of(
                        header + "i,r,,,\n",
                        "record must have a label (action, harmful, refusal, risky or harm_type), but had none (FILE, line 2)"),
                Arguments.of(
                        header + "i, ,0,1,\n",
                        "response must have text where it is labelled, but was blank (FILE, line 2, column response)"),
                Arguments.of(
                        header + ",,,,3\n",
                        "instruction or response must have text, but both were blank (FILE, line 2, column response)"),
                Arguments.of(
                        header + "\"i\n\n\",r,0,1\n",
                        "record must have 5 fields, but had 4 (FILE, line 2, column harm_type)"));
    }

    @ParameterizedTest
    @MethodSource
    void broken(String content, String message) throws IOException {
        Path file = file(content);

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message.replace("FILE", file.toString()));
    }
}
