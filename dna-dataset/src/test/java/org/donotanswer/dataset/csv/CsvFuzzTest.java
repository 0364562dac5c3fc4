package org.donotanswer.dataset.csv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class CsvFuzzTest implements FuzzTests {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    static Stream<byte[]> files() {
        return Seeds.texts(
                "id,question,response\r\n0,Why?,\"Because, \"\"yes\"\"\"\r\n1,\"two\nlines\",=1+1\r\n",
                BYTE_ORDER_MARK + "a,b\n1,2\n\n3,4\n",
                "a\n\"\"\n",
                "a,b\r1,\u00E4\r");
    }

    @MethodSource("files")
    @FuzzTest
    void reader(byte[] data) throws IOException {
        Optional<List<List<String>>> read = ReaderContract.read(() -> records(data), CsvFormatException.class);

        // A mark at the start of the first name is that of the file if it is read again.
        if (read.isPresent() && !read.get().get(0).get(0).startsWith(BYTE_ORDER_MARK)) {
            assertThat(records(written(read.get()))).isEqualTo(read.get());
        }
    }

    /** Returns the header and the records. */
    private static List<List<String>> records(byte[] data) throws IOException {
        List<List<String>> records = new ArrayList<>();
        try (CsvReader csv = CsvReader.open(new ByteArrayInputStream(data), "fuzz.csv")) {
            List<String> columns = csv.header().columns();
            records.add(columns);
            while (csv.next()) {
                CsvRow row = csv.row();
                records.add(columns.stream().map(row::text).toList());
            }
        }
        return records;
    }

    private static byte[] written(List<List<String>> records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvWriter csv = CsvWriter.verbatim(out, records.get(0));
        for (List<String> each : records.subList(1, records.size())) {
            csv.write(each);
        }
        return out.toByteArray();
    }

    @MethodSource("files")
    @FuzzTest
    void parser(byte[] data) {
        ReaderContract.read(
                () -> {
                    int fields = 0;
                    try (CsvParser parser = new CsvParser(new ByteArrayInputStream(data), "fuzz.csv", ';')) {
                        while (parser.next()) {
                            fields += parser.fields().size();
                        }
                    }
                    return fields;
                },
                CsvFormatException.class);
    }
}
