package org.donotanswer.bench.soak;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Native memory that others take, in pieces. It is given back at once: pieces that wait for the garbage collector would look
 * like memory that what is used under load holds. Not thread-safe.
 */
final class TakenMemory implements AutoCloseable {
    private static final int PIECES = 16;
    private static final int PIECE_BYTES = 4 << 20;
    private static final int PAGE_BYTES = 4096;
    private static final MethodHandle FREE = free();

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private final boolean isComplete;

    /** Takes 64 MB, or what there is. */
    TakenMemory() {
        boolean taken = true;
        try {
            while (pieces.size() < PIECES) {
                pieces.add(ByteBuffer.allocateDirect(PIECE_BYTES));
                touch(pieces.get(pieces.size() - 1));
            }
        } catch (OutOfMemoryError e) {
            taken = false;
        }
        isComplete = taken;
    }

    /** The only way of Java 17 to free a buffer. */
    private static MethodHandle free() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instance = unsafe.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(instance.get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("module jdk.unsupported must be there, but was not", e);
        }
    }

    private static void touch(ByteBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i += PAGE_BYTES) {
            buffer.put(i, (byte) 1);
        }
    }

    /** Returns whether there was as much as was wanted. */
    boolean isComplete() {
        return isComplete;
    }

    @Override
    public void close() {
        for (ByteBuffer piece : pieces) {
            try {
                FREE.invokeExact(piece);
            } catch (Throwable e) {
                throw new IllegalStateException("native memory must be freed, but was not", e);
            }
        }
        pieces.clear();
    }
}
