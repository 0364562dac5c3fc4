package org.donotanswer.classifier.weights;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.internal.Utf8;

/**
 * Reads Python pickles to the extent that {@code torch.save} needs, and builds nothing but descriptions of tensors,
 * numbers, strings, lists and mappings. A pickle is a program; this interpreter has no instruction that imports or
 * calls anything. A class name becomes a constant of {@link PickleClass} or an exception. Values are never compared,
 * hashed or printed as a whole, so a value that contains itself does no harm. The number of operations bounds the time
 * and memory that a pickle takes. Not thread-safe.
 *
 * <p>The opcodes are those of protocol 2 and their later equivalents; see
 * <a href="https://github.com/python/cpython/blob/v3.12.0/Lib/pickle.py#L107-L188">CPython's pickle.py</a>.
 */
final class Unpickler {
    static final int MAX_OPERATIONS = 1 << 20;
    static final int MAX_TEXT_BYTES = 1 << 16;

    private static final int MAX_CLASS_NAME_BYTES = 256;

    /** Python's None; a Java null would stand for a missing key. */
    enum None {
        NONE
    }

    /** A tuple; a type separate from lists, as calls accept only one of the two. */
    record Tuple(List<Object> items) {}

    private final ByteBuffer in;
    private final FileErrors errors;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();
    private final Map<String, TorchStorage> storages = new HashMap<>();
    private int operations;

    /** Creates an interpreter that reads from the buffer's position. */
    Unpickler(ByteBuffer in, FileErrors errors) {
        this.in = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.errors = errors;
    }

    int position() {
        return in.position();
    }

    /** Returns the storages that the pickles read so far refer to, by key. */
    Map<String, TorchStorage> storages() {
        return storages;
    }

    /** Reads the next pickle. */
    Object read() throws CheckpointException {
        stack.clear();
        marks.clear();
        memo.clear();
        operations = 0;
        while (true) {
            countOperations(1);
            int at = in.position();
            int opcode = unsignedByte();
            if (opcode == '.') {
                Object value = pop();
                if (!stack.isEmpty() || !marks.isEmpty()) {
                    throw errors.invalid(
                            "stack of the pickle", "must hold one value at the end", "larger at byte " + at);
                }
                return value;
            }
            if (!readValue(opcode) && !readStructure(opcode) && !readClass(opcode)) {
                throw errors.invalid(
                        "opcode of the pickle",
                        "must be one that builds tensors",
                        "0x" + Integer.toHexString(opcode) + " at byte " + at);
            }
        }
    }

    private boolean readValue(int opcode) throws CheckpointException {
        switch (opcode) {
            case 'N' -> push(None.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) unsignedByte());
            case 'M' -> push((long) Short.toUnsignedInt(require(2).getShort()));
            case 'J' -> push((long) require(4).getInt());
            case 0x8a -> push(integer(unsignedByte()));
            case 'G' ->
                push(Double.longBitsToDouble(Long.reverseBytes(require(8).getLong())));
            case 'U', 0x8c -> push(text(unsignedByte()));
            case 'T', 'X' -> push(text(Integer.toUnsignedLong(require(4).getInt())));
            case 0x8d -> push(text(require(8).getLong()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readStructure(int opcode) throws CheckpointException {
        switch (opcode) {
            case 0x80 -> requireProtocol(unsignedByte());
            case 0x95 -> require(8).getLong(); // FRAME: its length is a hint for buffering
            case '(' -> marks.push(stack.size());
            case '0' -> pop();
            case '1' -> popToMark();
            case '}' -> push(new LinkedHashMap<>());
            case ']' -> push(new ArrayList<>());
            case ')' -> push(new Tuple(List.of()));
            case 'd' -> pushMap(popToMark());
            case 'l' -> push(popToMark());
            case 't' -> push(new Tuple(popToMark()));
            case 0x85 -> push(new Tuple(pop(1)));
            case 0x86 -> push(new Tuple(pop(2)));
            case 0x87 -> push(new Tuple(pop(3)));
            case 's' -> putAll(pop(2));
            case 'u' -> putAll(popToMark());
            case 'a' -> appendAll(pop(1));
            case 'e' -> appendAll(popToMark());
            case 'q' -> memo.put((long) unsignedByte(), top());
            case 'r' -> memo.put(Integer.toUnsignedLong(require(4).getInt()), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> push(recall(unsignedByte()));
            case 'j' -> push(recall(Integer.toUnsignedLong(require(4).getInt())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readClass(int opcode) throws CheckpointException {
        switch (opcode) {
            // Opcode 'i' would also create an instance, which none of the known classes allows.
            case 'c' -> push(pickleClass(line(), line()));
            case 'i' -> throw refused(line() + "." + line());
            case 0x93 -> {
                List<Object> names = pop(2);
                if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
                    throw errors.invalid("class name", "must be two strings", typeName(names.get(0)));
                }
                push(pickleClass(module, name));
            }
            case 'R' -> reduce();
            case 'Q' -> pushStorage(TorchCalls.storage(pop(), errors));
            case 'b' -> TorchCalls.checkState(pop(), top(), errors);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void pushStorage(TorchStorage storage) throws CheckpointException {
        TorchStorage before = storages.putIfAbsent(storage.key(), storage);
        if (before != null && (before.type() != storage.type() || before.elements() != storage.elements())) {
            throw errors.invalid(
                    "storage " + storage.key(),
                    "must be " + before.elements() + " x " + before.type() + " throughout",
                    storage.elements() + " x " + storage.type());
        }
        push(storage);
    }

    private void reduce() throws CheckpointException {
        Object arguments = pop();
        Object called = pop();
        if (!(called instanceof PickleClass function) || !(arguments instanceof Tuple tuple)) {
            throw errors.invalid("call", "must be of a known function with a tuple of arguments", typeName(called));
        }
        switch (function) {
            case ORDERED_DICT -> pushOrderedDict(tuple.items());
            case REBUILD_TENSOR -> push(TorchCalls.tensor(tuple.items(), errors));
            case REBUILD_PARAMETER -> push(TorchCalls.parameter(tuple.items(), errors));
            default -> throw refused("call of " + function);
        }
    }

    /** Python 2 passes the items of an OrderedDict as a list of pairs; Python 3 sets them later. */
    private void pushOrderedDict(List<Object> arguments) throws CheckpointException {
        List<Object> items = new ArrayList<>();
        if (!arguments.isEmpty()) {
            if (arguments.size() != 1 || !(arguments.get(0) instanceof List<?> pairs)) {
                throw errors.invalid("OrderedDict", "must be built from one list", typeName(arguments.get(0)));
            }
            countOperations(pairs.size());
            for (Object pair : pairs) {
                List<?> keyAndValue = items(pair);
                if (keyAndValue.size() != 2) {
                    throw errors.invalid("OrderedDict", "must be built from pairs", typeName(pair));
                }
                items.addAll(keyAndValue);
            }
        }
        pushMap(items);
    }

    private PickleClass pickleClass(String module, String name) throws CheckpointException {
        return PickleClass.find(module, name).orElseThrow(() -> refused("class " + module + "." + name));
    }

    private CheckpointException refused(String asked) {
        return new CheckpointException("pickle must build only tensors, but referred to " + FileErrors.printable(asked)
                + "; nothing was executed (" + errors.where() + ")");
    }

    private void pushMap(List<Object> items) throws CheckpointException {
        push(new LinkedHashMap<>());
        putAll(items);
    }

    @SuppressWarnings("unchecked") // maps and lists are only created here
    private void putAll(List<Object> items) throws CheckpointException {
        if (!(top() instanceof Map)) {
            throw errors.invalid("target of items", "must be a mapping", typeName(top()));
        }
        if (items.size() % 2 != 0) {
            throw errors.invalid("number of keys and values", "must be even", items.size());
        }
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i < items.size(); i += 2) {
            Object key = items.get(i);
            if (!(key instanceof String || key instanceof Long)) {
                throw errors.invalid("key of a mapping", "must be a string or an integer", typeName(key));
            }
            if (map.put(key, items.get(i + 1)) != null) {
                throw errors.invalid("key of a mapping", "must occur once", key + " again");
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void appendAll(List<Object> items) throws CheckpointException {
        if (!(top() instanceof List)) {
            throw errors.invalid("target of appended items", "must be a list", typeName(top()));
        }
        ((List<Object>) top()).addAll(items);
    }

    private Object recall(long index) throws CheckpointException {
        Object value = memo.get(index);
        if (value == null) {
            throw errors.invalid("memo index", "must refer to a stored value", index);
        }
        return value;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() throws CheckpointException {
        return pop(1).get(0);
    }

    /** Removes the topmost values from the stack, but none below the last mark. */
    private List<Object> pop(int count) throws CheckpointException {
        int bottom = marks.isEmpty() ? 0 : marks.peek();
        if (stack.size() - bottom < count) {
            throw errors.invalid("stack of the pickle", "must hold enough values", "empty at byte " + in.position());
        }
        return popFrom(stack.size() - count);
    }

    private List<Object> popToMark() throws CheckpointException {
        if (marks.isEmpty()) {
            throw errors.invalid("stack of the pickle", "must have a mark", "without one at byte " + in.position());
        }
        return popFrom(marks.pop());
    }

    private List<Object> popFrom(int from) {
        List<Object> end = stack.subList(from, stack.size());
        List<Object> values = new ArrayList<>(end);
        end.clear();
        return values;
    }

    private Object top() throws CheckpointException {
        int bottom = marks.isEmpty() ? 0 : marks.peek();
        if (stack.size() == bottom) {
            throw errors.invalid("stack of the pickle", "must hold enough values", "empty at byte " + in.position());
        }
        return stack.get(stack.size() - 1);
    }

    private void countOperations(int count) throws CheckpointException {
        operations += count; // cannot overflow, as no list exceeds the limit
        if (operations > MAX_OPERATIONS) {
            throw errors.invalid("pickle", "must have at most " + MAX_OPERATIONS + " operations", "longer");
        }
    }

    private void requireProtocol(int protocol) throws CheckpointException {
        if (protocol < 2 || protocol > 5) {
            throw errors.invalid("protocol of the pickle", "must be in 2..5", protocol);
        }
    }

    private ByteBuffer require(long count) throws CheckpointException {
        if (count < 0 || count > in.remaining()) {
            throw errors.invalid(
                    "pickle",
                    "must have " + Long.toUnsignedString(count) + " more bytes at " + in.position(),
                    "truncated after " + in.remaining());
        }
        return in;
    }

    private int unsignedByte() throws CheckpointException {
        return Byte.toUnsignedInt(require(1).get());
    }

    private byte[] bytes(long length) throws CheckpointException {
        if (length < 0 || length > MAX_TEXT_BYTES) {
            throw errors.invalid(
                    "string in the pickle",
                    "must be at most " + MAX_TEXT_BYTES + " bytes long",
                    Long.toUnsignedString(length));
        }
        byte[] bytes = new byte[(int) length];
        require(length).get(bytes);
        return bytes;
    }

    private Object integer(int length) throws CheckpointException {
        byte[] bytes = bytes(length);
        if (length == 0) {
            return 0L;
        }
        for (int i = 0; i < length / 2; i++) {
            byte low = bytes[i];
            bytes[i] = bytes[length - 1 - i];
            bytes[length - 1 - i] = low;
        }
        BigInteger value = new BigInteger(bytes);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private String text(long length) throws CheckpointException {
        try {
            return Utf8.decode(bytes(length));
        } catch (CharacterCodingException e) {
            throw errors.invalid("string in the pickle", "must be UTF-8", "malformed before byte " + in.position(), e);
        }
    }

    /** Returns one of the two lines that name a class. */
    private String line() throws CheckpointException {
        StringBuilder line = new StringBuilder();
        for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
            if (line.length() == MAX_CLASS_NAME_BYTES) {
                throw errors.invalid("class name", "must be at most " + MAX_CLASS_NAME_BYTES + " bytes long", "longer");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    /** Returns the kind of a value for messages, which never show the value itself, as it may contain itself. */
    static String typeName(Object value) {
        if (value instanceof String) {
            return "a string";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof Map) {
            return "a mapping";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof Tuple) {
            return "a tuple";
        }
        if (value instanceof TorchTensor) {
            return "a tensor";
        }
        if (value instanceof TorchStorage) {
            return "a storage";
        }
        return value instanceof PickleClass known ? "class " + known : "None";
    }

    /** Returns the items of a tuple or list; none for any other value. */
    static List<?> items(Object value) {
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        return value instanceof List<?> list ? list : List.of();
    }
}
