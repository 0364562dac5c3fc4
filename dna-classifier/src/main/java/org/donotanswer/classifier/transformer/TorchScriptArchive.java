package org.donotanswer.classifier.transformer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Creates TorchScript archives that {@code torch.jit.load} accepts, with the source of one class {@code Program} and an
 * instance of it without weights. The format is an uncompressed zip file with the pickled instance, the pickled
 * constants and the source.
 *
 * @see <a href="https://github.com/pytorch/pytorch/blob/v2.7.1/torch/csrc/jit/docs/serialization.md">TorchScript
 *     serialization</a>
 */
final class TorchScriptArchive {
    /**
     * The newest version that PyTorch 2.7 reads. Under older versions, operators keep their older meaning, such as
     * integer division.
     */
    private static final byte[] VERSION = "10\n".getBytes(StandardCharsets.US_ASCII);

    /** PROTO 2, EMPTY_TUPLE, STOP: no constants. */
    private static final byte[] CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private TorchScriptArchive() {}

    /** Returns the archive of a program with the given source. */
    static byte[] of(String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "program/version", VERSION);
            store(zip, "program/data.pkl", instance());
            store(zip, "program/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "program/constants.pkl", CONSTANTS);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Returns the pickled {@code Program()} with its only attribute, {@code training = False}. */
    private static byte[] instance() throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2}); // PROTO 2
        pickle.write("c__torch__\nProgram\n".getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        pickle.write(new byte[] {')', (byte) 0x81}); // EMPTY_TUPLE, NEWOBJ
        pickle.write(new byte[] {'}', '('}); // EMPTY_DICT, MARK
        byte[] attribute = "training".getBytes(StandardCharsets.US_ASCII);
        pickle.write(new byte[] {'X', (byte) attribute.length, 0, 0, 0}); // BINUNICODE
        pickle.write(attribute);
        pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // NEWFALSE, SETITEMS, BUILD, STOP
        return pickle.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
