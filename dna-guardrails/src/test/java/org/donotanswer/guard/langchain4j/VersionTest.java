package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Makes sure that the tests run with the release of the framework that they are meant for. */
class VersionTest {
    /** Returns whether the tests run with a release from 1.x on. */
    static boolean isFrom(int minor) {
        String version = System.getProperty("langchain4j.version");
        int end = version.indexOf('.', 2);
        assertThat(version).startsWith("1.");
        return Integer.parseInt(version, 2, end, 10) >= minor;
    }

    @Test
    void framework_isOfTheVersionTested() {
        String version = System.getProperty("langchain4j.version");
        assertThat(dev.langchain4j.service.AiServices.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .endsWith("-" + version + ".jar");
    }
}
