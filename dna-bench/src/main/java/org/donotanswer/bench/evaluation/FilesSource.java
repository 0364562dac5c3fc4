package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.util.List;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads the exchanges of files, one file after the other. The next item is read ahead, so that the end of a file is known
 * with its last item. Not thread-safe, but its items are.
 */
public final class FilesSource implements ExchangeSource {
    private final List<InputFiles.InputFile> files;
    private final TableSettings settings;
    private final String[] stamps;
    private int file;
    private long row;
    private @Nullable TableSource table;
    private @Nullable RawItem ahead;
    private int lastFile;

    /**
     * Creates a source.
     *
     * @param first the index of the file to begin with
     * @throws IOException if that cannot be read
     */
    public FilesSource(List<InputFiles.InputFile> files, TableSettings settings, int first) throws IOException {
        this.files = List.copyOf(files);
        this.settings = settings;
        stamps = new String[files.size()];
        file = first;
        lastFile = first;
        try {
            ahead = read();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens every file and looks at its beginning, so that a bad one is told before anything is evaluated.
     *
     * @throws IOException if one is bad or cannot be read
     */
    public static void check(List<InputFiles.InputFile> files, TableSettings settings) throws IOException {
        for (InputFiles.InputFile file : files) {
            TableSource.of(TableReader.open(file.path(), settings)).close();
        }
    }

    /** An item of a file. */
    private record FileItem(RawItem raw, int file, long row) implements RawItem {
        @Override
        public InputItem parse() {
            return raw.parse();
        }

        @Override
        public long size() {
            return raw.size();
        }
    }

    private @Nullable RawItem read() throws IOException {
        while (file < files.size()) {
            if (table == null) {
                // Before it is read, so that a change meanwhile is noticed when it is read again.
                stamps[file] = files.get(file).stamp();
                table = TableSource.of(TableReader.open(files.get(file).path(), settings));
                row = 0;
            }
            RawItem raw = table.next();
            if (raw != null) {
                row++;
                return new FileItem(raw, file, row);
            }
            table.close();
            table = null;
            file++;
        }
        return null;
    }

    @Override
    public @Nullable RawItem next() throws IOException {
        RawItem item = ahead;
        if (item != null) {
            lastFile = item.file();
            ahead = read();
        }
        return item;
    }

    /** Returns what told a file from its later versions when it was begun; only for those from the first on that were. */
    String stamp(int index) {
        return stamps[index];
    }

    /** Files need not be waited for; a chunk must not depend on how fast they are read. */
    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public boolean endsChunk() {
        return ahead != null && ahead.file() != lastFile;
    }

    @Override
    public void close() throws IOException {
        if (table != null) {
            table.close();
        }
    }
}
