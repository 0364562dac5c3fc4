package org.donotanswer.harness.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.donotanswer.harness.io.LineReader;

/** Writes Parquet, compressed by zstd. Stateless, hence thread-safe. */
public final class ParquetOutput {
    /** What is held in memory before it is written. */
    private static final long ROW_GROUP_BYTES = 1 << 24;

    private ParquetOutput() {}

    /**
     * Writes the objects of JSON lines; the same ones always make the same bytes.
     *
     * @param lines JSON lines that this program wrote
     * @param file replaced if it exists
     * @param schema the schema in Parquet's notation
     * @throws IOException if the lines cannot be read or the file not be written
     * @throws IllegalArgumentException if an object has a member that the schema does not name
     */
    public static void write(InputStream lines, Path file, String schema) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(schema);
        LineReader reader = new LineReader(lines);
        try (ParquetWriter<JsonNode> writer = new ObjectWriterBuilder(new LocalOutputFile(file), type)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new PageCodecs())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build()) {
            for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
                writer.write(RecordJson.MAPPER.readTree(String.valueOf(line.text())));
            }
        }
    }

    private static final class ObjectWriterBuilder extends ParquetWriter.Builder<JsonNode, ObjectWriterBuilder> {
        private final MessageType type;

        ObjectWriterBuilder(OutputFile file, MessageType type) {
            super(file);
            this.type = type;
        }

        @Override
        protected ObjectWriterBuilder self() {
            return this;
        }

        /** Abstract, but not called. */
        @Override
        @SuppressWarnings("deprecation")
        protected WriteSupport<JsonNode> getWriteSupport(Configuration configuration) {
            return new ObjectSupport(type);
        }

        @Override
        protected WriteSupport<JsonNode> getWriteSupport(ParquetConfiguration configuration) {
            return new ObjectSupport(type);
        }
    }

    private static final class ObjectSupport extends WriteSupport<JsonNode> {
        private final MessageType type;
        private RecordConsumer consumer;

        ObjectSupport(MessageType type) {
            this.type = type;
        }

        /** Abstract, but not called. */
        @Override
        @SuppressWarnings("deprecation")
        public WriteContext init(Configuration configuration) {
            return new WriteContext(type, Map.of());
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(type, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer prepared) {
            consumer = prepared;
        }

        @Override
        public void write(JsonNode object) {
            consumer.startMessage();
            writeFields(type, object);
            consumer.endMessage();
        }

        private void writeFields(GroupType group, JsonNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (!group.containsField(member.getKey())) {
                    throw new IllegalArgumentException(
                            "schema must name all members, but did not name " + member.getKey());
                }
            }
            for (int field = 0; field < group.getFieldCount(); field++) {
                Type each = group.getType(field);
                JsonNode value = object.get(each.getName());
                if (value == null || value.isNull()) {
                    continue;
                }
                consumer.startField(each.getName(), field);
                if (each.isPrimitive()) {
                    writeValue(each, value);
                } else {
                    consumer.startGroup();
                    writeFields(each.asGroupType(), value);
                    consumer.endGroup();
                }
                consumer.endField(each.getName(), field);
            }
        }

        private void writeValue(Type each, JsonNode value) {
            switch (each.asPrimitiveType().getPrimitiveTypeName()) {
                case BOOLEAN -> consumer.addBoolean(value.booleanValue());
                case INT32 -> consumer.addInteger(value.intValue());
                case DOUBLE -> consumer.addDouble(value.doubleValue());
                case BINARY -> consumer.addBinary(Binary.fromString(value.textValue()));
                default ->
                    throw new IllegalArgumentException(
                            "schema must have booleans, integers, doubles and strings, but had " + each);
            }
        }
    }
}
