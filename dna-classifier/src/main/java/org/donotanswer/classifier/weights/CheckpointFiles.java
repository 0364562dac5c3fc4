package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;

/** Tells what kind of file a checkpoint's file is, and has it read. */
final class CheckpointFiles {
    private static final int ZIP = 0x0403_4b50;
    private static final int PICKLE = 0x80;
    private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

    private CheckpointFiles() {}

    /** Reads a file of either kind, as its first bytes tell. */
    static SortedMap<String, WeightTensor> read(Path file) throws IOException {
        ByteBuffer start = start(file);
        boolean safetensors = start.remaining() > SafetensorsReader.LENGTH_BYTES
                && start.get(SafetensorsReader.LENGTH_BYTES) == '{'
                && start.getInt(4) == 0;
        return safetensors || FileErrors.name(file).endsWith(".safetensors") ? readSafetensors(file) : readTorch(file);
    }

    static SortedMap<String, WeightTensor> readSafetensors(Path file) throws IOException {
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
                "must begin as torch.save begins a zip archive or a pickle",
                start.hasRemaining() ? "0x" + Integer.toHexString(Byte.toUnsignedInt(start.get(0))) : "empty");
    }

    /** Returns the first bytes of a file, unless they are those of a pointer to a file that was not fetched. */
    private static ByteBuffer start(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        FileErrors errors = FileErrors.of(file);
        if (!Files.isRegularFile(file)) {
            throw errors.invalid(
                    "checkpoint", "must be a file", Files.isDirectory(file) ? "a directory" : "another thing");
        }
        byte[] pointer = LFS_POINTER.getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(pointer.length).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            while (start.hasRemaining() && channel.read(start) >= 0) {
                // reads until the buffer is full or the file ends
            }
        }
        start.flip();
        if (start.equals(ByteBuffer.wrap(pointer))) {
            throw errors.invalid(
                    "file", "must hold weights", "a Git LFS pointer to a file that is still to be fetched");
        }
        return start;
    }
}
