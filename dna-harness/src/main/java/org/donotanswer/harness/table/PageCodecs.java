package org.donotanswer.harness.table;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.donotanswer.harness.io.FileCompression;

/**
 * The codecs of pages of Parquet in Java alone; those that come with parquet-java need Hadoop or native libraries. Stateless,
 * hence thread-safe.
 */
final class PageCodecs implements CompressionCodecFactory {
    /** Writers make pages of a megabyte, and larger ones for the sake of a long text. A damaged size may be anything. */
    private static final int MAX_PAGE_BYTES = 1 << 27;

    /** The one codec of what is written. */
    private record Zstd(CompressionCodecName name) implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            return BytesInput.from(
                    FileCompression.ZSTD.compress(bytes.toInputStream().readAllBytes()));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return name;
        }

        @Override
        public void release() {}
    }

    private record Pages(CompressionCodecName name) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(decompress(bytes.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer in, int inSize, ByteBuffer out, int outSize) throws IOException {
            byte[] bytes = new byte[inSize];
            in.get(bytes);
            out.put(decompress(bytes, outSize));
        }

        private byte[] decompress(byte[] bytes, int size) throws IOException {
            if (name == CompressionCodecName.UNCOMPRESSED) {
                return bytes;
            }
            if (size < 0 || size > MAX_PAGE_BYTES) {
                throw new IOException("page must have at most " + MAX_PAGE_BYTES + " bytes, but had " + size);
            }
            byte[] page = new byte[size];
            int length =
                    switch (name) {
                        case SNAPPY -> decompress(new SnappyDecompressor(), bytes, page);
                        case ZSTD -> decompress(new ZstdDecompressor(), bytes, page);
                        case LZ4_RAW -> decompress(new Lz4Decompressor(), bytes, page);
                        case GZIP -> gunzip(bytes, page);
                        default ->
                            throw new IOException(
                                    "pages must be compressed by Snappy, gzip, zstd or LZ4_RAW, but were by " + name);
                    };
            if (length != size) {
                throw new IOException("page must have " + size + " bytes, but had " + length);
            }
            return page;
        }

        /** Returns one more than the size of the page if there is more. */
        private static int gunzip(byte[] bytes, byte[] page) throws IOException {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                int length = in.readNBytes(page, 0, page.length);
                // The checksum is only looked at where the end is read.
                return in.read() < 0 ? length : length + 1;
            }
        }

        private static int decompress(Decompressor decompressor, byte[] bytes, byte[] page) {
            return decompressor.decompress(bytes, 0, bytes.length, page, 0, page.length);
        }

        @Override
        public void release() {}
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("codec must be ZSTD, but was " + codec);
        }
        return new Zstd(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Pages(codec);
    }

    @Override
    public void release() {}
}
