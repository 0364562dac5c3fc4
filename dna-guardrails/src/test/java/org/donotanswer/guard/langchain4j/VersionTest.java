package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Makes sure that the tests run with the release of the framework that they are meant for. */
class VersionTest {
    /** Returns whether the tests run with the oldest release. */
    static boolean isOldest() {
        return "1.1.0".equals(System.getProperty("langchain4j.version"));
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
