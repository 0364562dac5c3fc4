package org.donotanswer.classifier.embedded;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.evaluate.Provenance;
import org.jspecify.annotations.Nullable;

/** Writes and reads the payload of a model file: the provenance and the parameters, in version 2 of the format. */
final class ModelPayload {
    private static final double MAX_PARAMETER = 1e9;

    private ModelPayload() {}

    static void write(EmbeddedModel model, DataOutputStream out) throws IOException {
        writeProvenance(model.provenance(), out);
        ModelParameters parameters = model.parameters();
        writeTable(parameters.responses(), out);
        writeTable(parameters.instructions(), out);
        writeTable(parameters.harms(), out);
        writeNorm(parameters.general(), out);
        out.writeBoolean(parameters.benchmark() != null);
        if (parameters.benchmark() != null) {
            writeNorm(parameters.benchmark(), out);
        }
        writeRegression(parameters.risk(), out);
        writeRegression(parameters.refusal(), out);
        out.writeDouble(parameters.harmTypeScale());
    }

    /** Returns the bytes that the parts take in the payload, by their names. */
    static Map<String, Integer> partBytes(EmbeddedModel model) throws IOException {
        Map<String, Integer> bytes = new LinkedHashMap<>();
        ModelParameters parameters = model.parameters();
        bytes.put("responses", bytes(parameters.responses()));
        bytes.put("instructions", bytes(parameters.instructions()));
        bytes.put("harm", bytes(parameters.harms()));
        DataOutputStream all = new DataOutputStream(OutputStream.nullOutputStream());
        write(model, all);
        int tables = bytes.values().stream().mapToInt(Integer::intValue).sum();
        bytes.put("second stages and provenance", all.size() - tables);
        return bytes;
    }

    private static int bytes(WeightTable table) throws IOException {
        DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream());
        writeTable(table, out);
        return out.size();
    }

    static EmbeddedModel read(DataInputStream in) throws IOException {
        Provenance provenance = readProvenance(in);
        WeightTable responses = readTable(in, ResponseView.COUNT, ModelParameters.RESPONSE_LANES);
        WeightTable instructions = readTable(in, InstructionView.COUNT, ModelParameters.INSTRUCTION_LANES);
        WeightTable harms = readTable(in, HarmView.COUNT, ModelParameters.HARM_LANES);
        ModelParameters.Norm general = readNorm(in, HarmHead.INPUTS);
        ModelParameters.Norm benchmark = in.readBoolean() ? readNorm(in, HarmHead.BENCHMARK_INPUTS) : null;
        SoftmaxRegression risk = readRegression(in, 1, 2);
        SoftmaxRegression refusal = readRegression(in, 1, 2);
        ModelParameters parameters = new ModelParameters(
                responses, instructions, harms, general, benchmark, risk, refusal, checked(in.readDouble()));
        if (in.available() > 0) {
            throw new IOException(
                    "payload must end after the last parameter, but was " + in.available() + " bytes longer");
        }
        return EmbeddedModel.of(parameters, provenance);
    }

    private static void writeNorm(ModelParameters.Norm norm, DataOutputStream out) throws IOException {
        writeRegression(norm.actions(), out);
        writeRegression(norm.harm().regression(), out);
    }

    private static ModelParameters.Norm readNorm(DataInputStream in, int harmInputs) throws IOException {
        SoftmaxRegression actions = readRegression(in, ActionInputs.COUNT, ModelParameters.ACTIONS);
        SoftmaxRegression harm = readRegression(in, harmInputs, 2);
        if (actions == null || harm == null) {
            throw new IOException("second stage must be present, but was missing");
        }
        return new ModelParameters.Norm(actions, new HarmHead(harm));
    }

    /** Writes a bitmap of the used slots, then the used bytes of those slots only. */
    private static void writeTable(WeightTable table, DataOutputStream out) throws IOException {
        int longsPerSlot = table.longsPerSlot();
        long[] slots = table.slots();
        BitSet used = new BitSet();
        for (int slot = 0; slot < slots.length / longsPerSlot; slot++) {
            used.set(slot, (slots[slot * longsPerSlot] & WeightTable.MAX_IDF_CODE) != 0);
        }
        out.writeByte(longsPerSlot);
        out.writeByte(Integer.numberOfTrailingZeros(slots.length / longsPerSlot));
        out.writeByte(table.views());
        out.writeByte(table.lanes());
        writeFloats(table.idf(), out);
        for (float[] scales : table.scales()) {
            writeFloats(scales, out);
        }
        writeFloats(table.biases(), out);
        byte[] map = used.toByteArray();
        out.writeInt(map.length);
        out.write(map);
        int bytesPerSlot = table.lanes() + 1;
        byte[] bytes = new byte[used.cardinality() * bytesPerSlot];
        int position = 0;
        for (int slot = used.nextSetBit(0); slot >= 0; slot = used.nextSetBit(slot + 1)) {
            for (int i = 0; i < bytesPerSlot; i++) {
                bytes[position++] = (byte) (slots[slot * longsPerSlot + i / 8] >>> (i % 8 * 8));
            }
        }
        out.write(bytes);
    }

    private static WeightTable readTable(DataInputStream in, int expectedViews, int expectedLanes) throws IOException {
        int longsPerSlot = in.readUnsignedByte();
        int bits = in.readUnsignedByte();
        int views = in.readUnsignedByte();
        int lanes = in.readUnsignedByte();
        if (views != expectedViews
                || lanes != expectedLanes
                || longsPerSlot != (lanes + 8) / 8
                || bits < 1
                || bits > 24) {
            throw new IOException("table must have " + expectedViews + " views and " + expectedLanes
                    + " lanes, but had " + views + " views, " + lanes + " lanes, " + longsPerSlot
                    + " longs per slot and "
                    + bits + " bits");
        }
        float[] idf = readFloats(in, WeightTable.MAX_IDF_CODE + 1);
        float[][] scales = new float[views][];
        for (int view = 0; view < views; view++) {
            scales[view] = readFloats(in, lanes);
        }
        float[] biases = readFloats(in, lanes);
        BitSet used = BitSet.valueOf(readBytes(in, in.readInt()));
        if (used.length() > 1 << bits) {
            throw new IOException("slots must be below " + (1 << bits) + ", but the last was " + (used.length() - 1));
        }
        int bytesPerSlot = lanes + 1;
        byte[] bytes = readBytes(in, used.cardinality() * bytesPerSlot);
        long[] slots = new long[longsPerSlot << bits];
        int position = 0;
        for (int slot = used.nextSetBit(0); slot >= 0; slot = used.nextSetBit(slot + 1)) {
            for (int i = 0; i < bytesPerSlot; i++) {
                slots[slot * longsPerSlot + i / 8] |= (bytes[position++] & 0xffL) << (i % 8 * 8);
            }
        }
        return new WeightTable(slots, longsPerSlot, idf, scales, biases);
    }

    private static void writeFloats(float[] values, DataOutputStream out) throws IOException {
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static float[] readFloats(DataInputStream in, int count) throws IOException {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) checked(in.readFloat());
        }
        return values;
    }

    /** Returns a parameter of a size that no sum of products overflows, so that every assessment has probabilities. */
    private static double checked(double parameter) throws IOException {
        if (!(Math.abs(parameter) <= MAX_PARAMETER)) {
            throw new IOException("parameter must be in [-1e9, 1e9], but was " + parameter);
        }
        return parameter;
    }

    private static byte[] readBytes(DataInputStream in, int count) throws IOException {
        if (count < 0 || count > in.available()) {
            throw new IOException("payload must have " + count + " more bytes, but had " + in.available());
        }
        return in.readNBytes(count);
    }

    private static void writeRegression(@Nullable SoftmaxRegression regression, DataOutputStream out)
            throws IOException {
        out.writeBoolean(regression != null);
        if (regression != null) {
            for (double[] ofClass : regression.coefficients()) {
                for (double coefficient : ofClass) {
                    out.writeDouble(coefficient);
                }
            }
        }
    }

    private static @Nullable SoftmaxRegression readRegression(DataInputStream in, int inputs, int classes)
            throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        double[][] coefficients = new double[classes][inputs + 1];
        for (double[] ofClass : coefficients) {
            for (int i = 0; i <= inputs; i++) {
                ofClass[i] = checked(in.readDouble());
            }
        }
        return new SoftmaxRegression(coefficients);
    }

    private static void writeProvenance(Provenance provenance, DataOutputStream out) throws IOException {
        writeText(provenance.name(), out);
        writeText(provenance.version(), out);
        writeText(provenance.libraryVersion(), out);
        out.writeBoolean(provenance.seed().isPresent());
        out.writeLong(provenance.seed().orElse(0));
        writeMap(provenance.data(), out);
        writeMap(provenance.parameters(), out);
        writeMap(provenance.platform(), out);
        out.writeInt(provenance.figures().size());
        for (Map.Entry<String, Double> figure : provenance.figures().entrySet()) {
            writeText(figure.getKey(), out);
            out.writeDouble(figure.getValue());
        }
    }

    private static Provenance readProvenance(DataInputStream in) throws IOException {
        String name = readText(in);
        String version = readText(in);
        String libraryVersion = readText(in);
        boolean seeded = in.readBoolean();
        long seed = in.readLong();
        SortedMap<String, String> data = readMap(in);
        SortedMap<String, String> parameters = readMap(in);
        SortedMap<String, String> platform = readMap(in);
        SortedMap<String, Double> figures = new TreeMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            figures.put(readText(in), in.readDouble());
        }
        return new Provenance(
                name,
                version,
                libraryVersion,
                seeded ? OptionalLong.of(seed) : OptionalLong.empty(),
                data,
                parameters,
                figures,
                platform);
    }

    private static void writeMap(SortedMap<String, String> map, DataOutputStream out) throws IOException {
        out.writeInt(map.size());
        for (Map.Entry<String, String> entry : map.entrySet()) {
            writeText(entry.getKey(), out);
            writeText(entry.getValue(), out);
        }
    }

    private static SortedMap<String, String> readMap(DataInputStream in) throws IOException {
        SortedMap<String, String> map = new TreeMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            map.put(readText(in), readText(in));
        }
        return map;
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in, in.readInt()), StandardCharsets.UTF_8);
    }
}
