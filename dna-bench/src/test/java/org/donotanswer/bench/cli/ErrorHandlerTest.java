package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ErrorHandlerTest {
    @Test
    void message_ofFiles_namesThem() {
        assertThat(ErrorHandler.message(new NoSuchFileException("f")))
                .isEqualTo("file must exist, but was missing (f)");
        assertThat(ErrorHandler.message(new NoSuchFileException("f", null, "model must be a file")))
                .isEqualTo("model must be a file, but was missing (f)");
        assertThat(ErrorHandler.message(new AccessDeniedException("f")))
                .isEqualTo("file must be accessible, but was not (f)");
        assertThat(ErrorHandler.message(new UncheckedIOException(new IOException("broken"))))
                .isEqualTo("broken");
    }

    @Test
    void message_ofLackOfMemory_suggestsMore() {
        assertThat(ErrorHandler.message(new IllegalStateException("failed", new OutOfMemoryError("heap"))))
                .isEqualTo("memory must suffice, but was exhausted (raise the limit by java -Xmx)");
    }

    @Test
    void message_withoutText_namesTheFailure() {
        assertThat(ErrorHandler.message(new IOException())).isEqualTo("IOException");
        assertThat(ErrorHandler.message(new InterruptedException())).isEqualTo("interrupted");
    }
}
