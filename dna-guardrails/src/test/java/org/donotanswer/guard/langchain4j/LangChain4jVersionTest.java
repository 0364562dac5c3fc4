package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Verifies that the tests run with the intended version of the framework. */
class LangChain4jVersionTest {
    /** Returns whether the tests run with version 1.{@code minor} or later. */
    static boolean isFrom(int minor) {
        String version = System.getProperty("langchain4j.version");
        int end = version.indexOf('.', 2);
        assertThat(version).startsWith("1.");
        return Integer.parseInt(version, 2, end, 10) >= minor;
    }

    @Test
    void framework_hasTheTestedVersion() {
        String version = System.getProperty("langchain4j.version");
        assertThat(dev.langchain4j.service.AiServices.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .endsWith("-" + version + ".jar");
    }
}
