package org.donotanswer.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class ReportFuzzTest implements FuzzTests {
    static Stream<byte[]> reports() {
        return Seeds.texts(
                "{\"title\":\"t\",\"provenance\":{},\"sections\":[{\"title\":\"s\",\"blocks\":[{\"type\":\"table\",\"id\":\"ranks\","
                        + "\"rows\":[]},{\"type\":\"chart\",\"data\":{\"id\":\"bars\",\"rows\":[]}}]}]}");
    }

    /** A file that is no report is none of an earlier one: it is never replaced, and never an error. */
    @MethodSource("reports")
    @FuzzTest
    void directory(byte[] data) throws IOException {
        Path directory = Seeds.file("report/report.json", data).getParent();

        ReportDirectory read = ReportDirectory.read(directory);

        assertThat(read.files()).containsExactly(ReportDirectory.JSON);
        assertThat(read.tables()).allMatch(table -> table.matches("tables/[a-z0-9-]+\\.(csv|tex)"));
    }
}
