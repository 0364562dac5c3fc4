package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.donotanswer.classifier.weights.PickleBytes.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnpicklerTest {
    private static Object read(byte[] pickle) throws CheckpointException {
        return new Unpickler(ByteBuffer.wrap(pickle), new FileErrors("p.bin")).read();
    }

    private static void assertRefused(byte[] pickle, String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> read(pickle))
                .withMessage(message);
    }

    @Test
    void read_plainValues_returnsThem() throws CheckpointException {
        assertThat(read(pickle().op('K', 200).stop())).isEqualTo(200L);
        assertThat(read(pickle().op('M', 0xff, 0xff).stop())).isEqualTo(65535L);
        assertThat(read(pickle().op('J', 0xff, 0xff, 0xff, 0xff).stop())).isEqualTo(-1L);
        assertThat(read(pickle().op(0x8a, 0).stop())).isEqualTo(0L);
        assertThat(read(pickle().op(0x8a, 2, 0, 0x80).stop())).isEqualTo(-32768L);
        assertThat(read(pickle().integer(Long.MIN_VALUE).stop())).isEqualTo(Long.MIN_VALUE);
        assertThat(read(pickle().op('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0).stop())).isEqualTo(1.5);
        assertThat(read(pickle().op(0x88).stop())).isEqualTo(true);
        assertThat(read(pickle().op('N').stop())).isEqualTo(Unpickler.None.NONE);
        assertThat(read(pickle().op('U', 1, 'a').stop())).isEqualTo("a");
        assertThat(read(pickle().op(0x8d, 1, 0, 0, 0, 0, 0, 0, 0, 'a').stop())).isEqualTo("a");
        assertThat(read(pickle().text("ü").stop())).isEqualTo("ü");
    }

    @Test
    void read_containers_returnsThem() throws CheckpointException {
        assertThat(read(pickle().op('(', 'K', 1, 'K', 2, 'l').stop())).isEqualTo(List.of(1L, 2L));
        assertThat(read(pickle().op(']', '(', 'K', 1, 'K', 2, 'e', 'K', 3, 'a').stop()))
                .isEqualTo(List.of(1L, 2L, 3L));
        assertThat(read(pickle().op('(', 'K', 1, 'K', 2, 'd').stop())).isEqualTo(Map.of(1L, 2L));
        assertThat(read(pickle().op('K', 1, 'K', 2, 'K', 3, 0x87).stop()))
                .isEqualTo(new Unpickler.Tuple(List.of(1L, 2L, 3L)));
        assertThat(read(pickle().op('K', 1, 'q', 7, '0', 'h', 7).stop())).isEqualTo(1L);
        assertThat(read(pickle().op('K', 1, '(', 'K', 2, '1').stop())).isEqualTo(1L);
        assertThat(read(pickle().op('K', 1, 0x94, '0', 'N', 0x94, '0', 'h', 0).stop()))
                .isEqualTo(1L);
    }

    @Test
    void read_orderedDictOfPython2_returnsAMapping() throws CheckpointException {
        byte[] pickle = pickle().name("collections", "OrderedDict")
                .op(']', ']', 'U', 1, 'a', 'a', 'K', 1, 'a', 'a', 0x85, 'R')
                .stop();

        assertThat(read(pickle)).isEqualTo(Map.of("a", 1L));
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "__builtin__, exec",
        "torch, load",
        "torch._utils, _rebuild_qtensor",
        "collections, OrderedDict.fromkeys",
        "subprocess, Popen",
    })
    void read_otherClass_isRefusedNamingIt(String module, String name) {
        String message = "pickle must build only tensors, but referred to class " + module + "." + name
                + "; nothing was executed (p.bin)";

        assertRefused(pickle().name(module, name).text("id").op(0x85, 'R').stop(), message);
        assertRefused(pickle().text(module).text(name).op(0x93).stop(), message);
    }

    @Test
    void read_otherOpcodesThatNameClasses_areRefused() {
        assertRefused(
                pickle().op('(')
                        .op('i')
                        .raw("os\nsystem\n".getBytes(StandardCharsets.UTF_8))
                        .stop(),
                "pickle must build only tensors, but referred to os.system; nothing was executed (p.bin)");
        for (int opcode : new int[] {'o', 0x81, 0x92, 0x82, 0x83, 0x84, 'P', 'B', 'C', 'I', 'L', 'S', 'V', '2', 0x8f}) {
            assertRefused(
                    pickle().op(opcode).stop(),
                    "opcode of the pickle must be one that builds tensors, but was 0x" + Integer.toHexString(opcode)
                            + " at byte 2 (p.bin)");
        }
    }

    @Test
    void read_maliciousName_isShortenedAndSanitised() {
        assertRefused(
                pickle().name("\u001b]0;", "x".repeat(200)).stop(),
                "pickle must build only tensors, but referred to class ?]0;." + "x".repeat(149)
                        + "...; nothing was executed (p.bin)");
        assertRefused(
                pickle().name("x".repeat(257), "y").stop(),
                "class name must be at most 256 bytes long, but was longer (p.bin)");
    }

    @Test
    void read_callOfAStorage_isRefused() {
        assertRefused(
                pickle().name("torch", "FloatStorage").op(')', 'R').stop(),
                "pickle must build only tensors, but referred to call of torch.FloatStorage; nothing was executed (p.bin)");
        assertRefused(
                pickle().text("f").op(')', 'R').stop(),
                "call must be of a known function with a tuple of arguments, but was a string (p.bin)");
    }

    @Test
    void read_state_mustBeThatOfAStateDict() throws CheckpointException {
        assertThat(read(pickle().op('}', '}')
                        .text("_metadata")
                        .op('N', 's', 'b')
                        .stop()))
                .isEqualTo(Map.of());
        assertRefused(
                pickle().op('}', '}').text("__class__").op('N', 's', 'b').stop(),
                "attribute of a mapping must be _metadata, but was __class__ (p.bin)");
        assertRefused(pickle().op('N', '}', 'b').stop(), "state must be set on a mapping, but was set on None (p.bin)");
    }

    @Test
    void read_malformed_isRefused() {
        assertRefused(pickle().stop(), "stack of the pickle must hold enough values, but was empty at byte 3 (p.bin)");
        assertRefused(
                pickle().op('K', 1, '(', '0').stop(),
                "stack of the pickle must hold enough values, but was empty at byte 6 (p.bin)");
        assertRefused(
                pickle().op('t').stop(), "stack of the pickle must have a mark, but was without one at byte 3 (p.bin)");
        assertRefused(pickle().op('h', 5).stop(), "memo index must refer to a stored value, but was 5 (p.bin)");
        assertRefused(
                pickle().op('N', 'N').stop(),
                "stack of the pickle must hold one value at the end, but was larger at byte 4 (p.bin)");
        assertRefused(
                pickle().op('X', 0xff, 0xff, 0xff, 0xff).stop(),
                "string in the pickle must be at most 65536 bytes long, but was 4294967295 (p.bin)");
        assertRefused(
                pickle().op('X', 9, 0, 0, 0).stop(),
                "pickle must have 9 more bytes at 7, but was truncated after 1 (p.bin)");
        assertRefused(
                pickle().op('U', 1, 0xff).stop(),
                "string in the pickle must be UTF-8, but was malformed before byte 5 (p.bin)");
        assertRefused(
                new byte[] {(byte) 0x80, 1, 'N', '.'}, "protocol of the pickle must be in 2..5, but was 1 (p.bin)");
        assertRefused(
                pickle().op('}', 'N', 'N', 's').stop(),
                "key of a mapping must be a string or an integer, but was None (p.bin)");
        assertRefused(
                pickle().op('(').text("k").op('N').text("k").op('N', 'd').stop(),
                "key of a mapping must occur once, but was k again (p.bin)");
    }

    @Test
    @Timeout(20)
    void read_valueThatContainsItself_doesNoHarm() throws CheckpointException {
        // l = []; l.append(l); {"x": l}
        byte[] list =
                pickle().op('}').text("x").op(']', 'q', 0, 'h', 0, 'a', 's').stop();
        assertThat(Unpickler.typeName(read(list))).isEqualTo("a mapping");

        // nested tuples, each holding the previous one twice: 2^60 leaves
        PickleBytes doubled = pickle().op('N', 0x85);
        for (int i = 0; i < 60; i++) {
            doubled.op('q', 0, 'h', 0, 0x86);
        }
        assertRefused(
                doubled.op('Q').stop(),
                "persistent id must hold the class, key, location and size of a storage, but was a tuple (p.bin)");
    }

    @Test
    @Timeout(20)
    void read_tooManyOperations_isRefused() {
        PickleBytes marks = pickle();
        for (int i = 0; i <= Unpickler.MAX_OPERATIONS; i++) {
            marks.op('(');
        }
        assertRefused(marks.stop(), "pickle must have at most 1048576 operations, but was longer (p.bin)");

        PickleBytes repeated = pickle().name("collections", "OrderedDict").op('q', 1, ']', 'q', 0);
        for (int i = 0; i < 2000; i++) {
            repeated.text("k" + i).op('N', 0x86, 'a');
        }
        repeated.op('0');
        for (int i = 0; i < 2000; i++) {
            repeated.op('h', 0, 0x85, 'R', 'h', 1);
        }
        assertRefused(repeated.stop(), "pickle must have at most 1048576 operations, but was longer (p.bin)");
    }

    @Test
    void read_randomOperations_areRefusedOrRead() {
        SplittableRandom random = new SplittableRandom(11);
        String opcodes = "N\u0088\u0089KMJ\u008aGU\u008cX(01})]dlt\u0085\u0086\u0087suaeqr\u0094hjc\u0093RQb";
        for (int i = 0; i < 20_000; i++) {
            PickleBytes pickle = pickle();
            for (int op = random.nextInt(40); op > 0; op--) {
                pickle.op(opcodes.charAt(random.nextInt(opcodes.length())));
                if (random.nextInt(3) == 0) {
                    pickle.op(random.nextInt(4), 0, 0, 0);
                }
                if (random.nextInt(5) == 0) {
                    pickle.name("collections", "OrderedDict").op(')', 'R');
                }
            }
            try {
                read(pickle.stop());
            } catch (CheckpointException e) {
                assertThat(e).hasMessageEndingWith("(p.bin)");
            }
        }
    }
}
