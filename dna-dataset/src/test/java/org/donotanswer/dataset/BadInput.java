package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Asserts that loading fails with an error that names file, line and column. */
record BadInput(Path directory) {

    void assertError(String file, UnaryOperator<String> change, long line, String column, String problem)
            throws IOException {
        SampleData.edit(directory.resolve(file), change);
        assertError(file, line, column, problem);
    }

    void assertError(String file, long line, String column, String problem) {
        DatasetFormatException e =
                catchThrowableOfType(DatasetFormatException.class, () -> DoNotAnswer.load(directory));
        Path path = directory.resolve(file);
        assertThat(e).isNotNull();
        assertThat(e).hasMessage(problem + " (" + path + ", line " + line + ", column " + column + ")");
        assertThat(e.file()).isEqualTo(path);
        assertThat(e.line()).isEqualTo(line);
        assertThat(e.column()).contains(column);
        assertThat(e.getCause()).isNull();
    }
}
