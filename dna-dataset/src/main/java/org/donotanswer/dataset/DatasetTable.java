package org.donotanswer.dataset;

import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.dataset.csv.CsvHeader;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;

/** A CSV file of the dataset, read whole, with its SHA-256 checksum. */
record DatasetTable(Path file, String sha256, CsvHeader header, List<CsvRow> rows) {

    static DatasetTable read(Path file) throws IOException {
        HashingInputStream in = new HashingInputStream(Hashing.sha256(), Files.newInputStream(file));
        try (CsvReader csv = CsvReader.open(in, file.toString())) {
            List<CsvRow> rows = new ArrayList<>();
            while (csv.next()) {
                rows.add(csv.row());
            }
            return new DatasetTable(file, in.hash().toString(), csv.header(), rows);
        }
    }
}
