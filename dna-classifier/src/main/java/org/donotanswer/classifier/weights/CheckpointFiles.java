package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/** Detects the format of a weights file and reads it. */
final class CheckpointFiles {
    private static final int ZIP = 0x0403_4b50;
    private static final int PICKLE = 0x80;
    private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

    private CheckpointFiles() {}

    /** Reads a file in the format that its first bytes indicate. */
    static SafetensorsReader.Content read(Path file) throws IOException {
        ByteBuffer start = start(file);
        boolean safetensors = start.remaining() > SafetensorsReader.LENGTH_BYTES
                && start.get(SafetensorsReader.LENGTH_BYTES) == '{'
                && start.getInt(4) == 0;
        return safetensors || FileErrors.name(file).endsWith(".safetensors")
                ? readSafetensors(file)
                : new SafetensorsReader.Content(readTorch(file), Map.of());
    }

    static SafetensorsReader.Content readSafetensors(Path file) throws IOException {
        start(file);
        return SafetensorsReader.read(file);
    }

    static SortedMap<String, WeightTensor> readTorch(Path file) throws IOException {
        ByteBuffer start = start(file);
        FileErrors errors = FileErrors.of(file);
        try (FileChannel channel = FileChannel.open(file)) {
            MappedFile mapped = new MappedFile(channel);
            if (start.remaining() >= Integer.BYTES && start.getInt(0) == ZIP) {
                return TorchZipReader.read(file, mapped, errors);
            }
            if (start.hasRemaining() && Byte.toUnsignedInt(start.get(0)) == PICKLE) {
                return TorchLegacyReader.read(file, mapped, errors);
            }
        }
        throw errors.invalid(
                "file",
                "must start with the signature of a zip archive or a pickle",
                start.hasRemaining() ? "0x" + Integer.toHexString(Byte.toUnsignedInt(start.get(0))) : "empty");
    }

    /**
     * Returns the first bytes of a file.
     *
     * @throws CheckpointException if it is a Git LFS pointer, or not a regular file
     */
    private static ByteBuffer start(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        FileErrors errors = FileErrors.of(file);
        if (!Files.isRegularFile(file)) {
            throw errors.invalid(
                    "checkpoint",
                    "must be a file",
                    Files.isDirectory(file) ? "a directory" : "neither a file nor a directory");
        }
        byte[] pointer = LFS_POINTER.getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(pointer.length).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            while (start.hasRemaining() && channel.read(start) >= 0) {
                // One read may return fewer bytes than the buffer holds.
            }
        }
        start.flip();
        if (start.equals(ByteBuffer.wrap(pointer))) {
            throw errors.invalid("file", "must hold weights", "a Git LFS pointer, whose file has not been downloaded");
        }
        return start;
    }
}
