package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.internal.Utf8;

/**
 * Validates the parts of a {@code tokenizer.json} whose faults make the native code terminate the process instead of
 * reporting an error: the character map of a {@code Precompiled} normalizer, which is a trie in an array, and pieces of
 * length zero.
 *
 * @see
 *     <a href="https://github.com/huggingface/spm_precompiled/blob/05ba1405c437c84ee56062d3b06c8202d9e29ded/src/lib.rs">the
 *     code that reads the map</a>
 */
final class NativeTokenizerCheck {
    private static final String MAP = "precompiled_charsmap";

    private final int[] units;
    private final byte[] replacements;

    private NativeTokenizerCheck(ByteBuffer map) {
        units = new int[(int) (Integer.toUnsignedLong(map.getInt()) / Integer.BYTES)];
        map.asIntBuffer().get(units);
        map.position(map.position() + units.length * Integer.BYTES);
        replacements = new byte[map.remaining()];
        map.get(replacements);
    }

    /** Checks a file, and rewrites its character maps in the only encoding that the native code reads. */
    static void check(JsonNode tokenizer, String where) throws CheckpointException {
        checkMaps(tokenizer.path("normalizer"), where);
        for (JsonNode length : tokenizer.path("pre_tokenizer").findValues("length")) {
            if (!length.canConvertToInt() || length.asInt() < 1) {
                throw new CheckpointException(
                        "length of the pre_tokenizer must be at least 1, but was " + length + " (" + where + ")");
            }
        }
    }

    private static void checkMaps(JsonNode normalizer, String where) throws CheckpointException {
        if (normalizer instanceof ObjectNode object
                && (object.has(MAP) || object.path("type").asText().equals("Precompiled"))) {
            byte[] map = bytes(object.path(MAP));
            if (!isSafe(map)) {
                throw new CheckpointException("normalizer must have a valid " + MAP + ", but had a corrupt one of "
                        + map.length + " bytes (" + where + ")");
            }
            object.put(MAP, Base64.getEncoder().encodeToString(map));
        }
        for (JsonNode part : normalizer) {
            checkMaps(part, where);
        }
    }

    /** Returns the bytes of a map; an empty array if there are none. */
    private static byte[] bytes(JsonNode map) {
        try {
            return map.isTextual() ? Base64.getDecoder().decode(map.asText()) : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean isSafe(byte[] bytes) {
        ByteBuffer map = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 2 * Integer.BYTES) {
            return false;
        }
        long size = Integer.toUnsignedLong(map.getInt(0));
        if (size < Integer.BYTES || size > bytes.length - Integer.BYTES) {
            return false;
        }
        NativeTokenizerCheck check = new NativeTokenizerCheck(map);
        return check.isText() && check.staysInside();
    }

    private boolean isText() {
        return Utf8.decodeOrNull(replacements, replacements.length) != null;
    }

    /** Returns whether no text leads out of the array, or to an invalid replacement. */
    private boolean staysInside() {
        BitSet seen = new BitSet();
        Deque<Integer> nodes = new ArrayDeque<>();
        nodes.add(offset(units[0]));
        while (!nodes.isEmpty()) {
            int node = nodes.remove();
            for (int b = 1; b < 256; b++) {
                int at = node ^ b;
                if (at >= units.length) {
                    return false;
                }
                if ((units[at] & 0x800000ff) == b) {
                    int next = at ^ offset(units[at]);
                    boolean leaf = (units[at] & 0x100) != 0;
                    if (leaf && (next >= units.length || !isReplacement(units[next] & 0x7fffffff))) {
                        return false;
                    }
                    if (!seen.get(next)) {
                        seen.set(next);
                        nodes.add(next);
                    }
                }
            }
        }
        return true;
    }

    /** Has up to 30 bits, so it is never negative. */
    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private boolean isReplacement(int start) {
        return start == replacements.length || (start < replacements.length && (replacements[start] & 0xc0) != 0x80);
    }
}
