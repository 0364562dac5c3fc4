package org.donotanswer.harness.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.FileCompression;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetRowsTest {
    private static final String EXCHANGES = "message m { required int64 id; optional binary instruction (STRING);"
            + " optional binary response; optional int96 time; optional double score; }";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("in.parquet");
    }

    /** The codecs of other writers. */
    private record Codecs() implements CompressionCodecFactory {
        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return new BytesInputCompressor() {
                @Override
                public BytesInput compress(BytesInput page) throws IOException {
                    byte[] bytes = page.toInputStream().readAllBytes();
                    return BytesInput.from(
                            switch (codec) {
                                case SNAPPY -> compressed(new SnappyCompressor(), bytes);
                                case LZ4_RAW -> compressed(new Lz4Compressor(), bytes);
                                case GZIP -> FileCompression.GZIP.compress(bytes);
                                case ZSTD -> FileCompression.ZSTD.compress(bytes);
                                default -> bytes;
                            });
                }

                @Override
                public CompressionCodecName getCodecName() {
                    return codec;
                }

                @Override
                public void release() {}
            };
        }

        private static byte[] compressed(Compressor compressor, byte[] bytes) {
            byte[] compressed = new byte[compressor.maxCompressedLength(bytes.length)];
            int length = compressor.compress(bytes, 0, bytes.length, compressed, 0, compressed.length);
            return Arrays.copyOf(compressed, length);
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {}
    }

    @SafeVarargs
    private void write(String schema, CompressionCodecName codec, Consumer<Group>... rows) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(schema);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withCodecFactory(new Codecs())
                .withCompressionCodec(codec)
                .withRowGroupRowCountLimit(2)
                .build()) {
            for (Consumer<Group> row : rows) {
                Group group = new SimpleGroup(type);
                row.accept(group);
                writer.write(group);
            }
        }
    }

    private static Consumer<Group> row(long id, String instruction, String response) {
        return group -> {
            group.add("id", id);
            group.add("instruction", instruction);
            group.add("response", response);
        };
    }

    private List<TableRow> read() throws IOException {
        List<TableRow> rows = new ArrayList<>();
        try (TableReader table = TableReader.open(file, TableSettings.DEFAULT)) {
            table.checkExchanges();
            table.keepExchanges();
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                rows.add(raw.parse());
            }
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void rows_ofAllRowGroups_areRead(CompressionCodecName codec) throws IOException {
        write(EXCHANGES, codec, row(7, "How?", "So."), row(8, "Why?", "größer"), row(9, "When?", "Now. ".repeat(99)));

        List<TableRow> rows = read();

        assertThat(rows).hasSize(3);
        assertThat(rows.get(1).id()).isEqualTo(Optional.of("8"));
        assertThat(rows.get(1).exchange()).isEqualTo(Exchange.of("Why?", "größer"));
        assertThat(rows.get(2).exchange().response()).hasSize(495);
        assertThat(rows.get(2).line()).isEqualTo(3);
    }

    @Test
    void codecThatIsNotSupported_isNamed() throws IOException {
        write(EXCHANGES, CompressionCodecName.BROTLI, row(7, "How?", "So."));

        assertThatThrownBy(this::read)
                .isInstanceOf(IOException.class)
                .hasMessage("file must be sound Parquet, but was not: pages must be compressed by Snappy, gzip, zstd or"
                        + " LZ4_RAW, but were by BROTLI (" + file + ", after row 0)");
    }

    @Test
    void lists_areChats() throws IOException {
        String schema = "message m { required group messages (LIST) { repeated group list { optional group element {"
                + " required binary role (STRING); required binary content (STRING); } } } }";
        write(schema, CompressionCodecName.SNAPPY, group -> {
            Group list = group.addGroup("messages");
            for (Map.Entry<String, String> turn : List.of(Map.entry("user", "How?"), Map.entry("assistant", "So."))) {
                Group element = list.addGroup("list").addGroup("element");
                element.add("role", turn.getKey());
                element.add("content", turn.getValue());
            }
        });

        assertThat(read().get(0).exchange()).isEqualTo(Exchange.of("How?", "So."));
    }

    @Test
    void textThatIsNotUtf8_isAnErrorOfItsRow() throws IOException {
        write(EXCHANGES, CompressionCodecName.SNAPPY, row(7, "How?", "So."), group -> {
            group.add("id", 8L);
            group.add("response", Binary.fromConstantByteArray(new byte[] {(byte) 0xFF}));
        });

        assertThatThrownBy(this::read)
                .isInstanceOf(BadInputException.class)
                .hasMessage("response must be UTF-8, but was not (" + file + ", row 2, column response)");
    }

    @Test
    void damagedPage_isToldWithTheRowBefore() throws IOException {
        write(
                EXCHANGES,
                CompressionCodecName.SNAPPY,
                row(1, "a", "b"),
                row(2, "c", "d"),
                row(3, "e", "So. ".repeat(500)));
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int page = text.indexOf("So. ");
        Arrays.fill(bytes, page - 12, page + 12, (byte) 0xFF);
        Files.write(file, bytes);

        assertThatThrownBy(this::read)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("file must be sound Parquet, but was not: ")
                .hasMessageEndingWith(" (" + file + ", after row 2)");
    }
}
