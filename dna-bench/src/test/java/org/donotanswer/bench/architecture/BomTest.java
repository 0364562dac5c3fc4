package org.donotanswer.bench.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The bill of materials has no parent, so nothing but this test keeps it in step with the modules. */
final class BomTest {
    private static final Path ROOT = Path.of(System.getProperty("dna.root", ".."));
    /** Modules that are not published, and the bill of materials itself. */
    private static final Set<String> UNLISTED = Set.of("dna-bom", "dna-bench");

    private static Document parent;
    private static Document bom;

    @BeforeAll
    static void read() throws Exception {
        parent = document("pom.xml");
        bom = document("dna-bom/pom.xml");
    }

    @Test
    void bom_listsEveryPublishedModule() throws Exception {
        Set<String> published = new TreeSet<>(texts(parent, "/project/modules/module"));
        published.removeIf(module -> module.startsWith("examples") || UNLISTED.contains(module));

        assertThat(texts(bom, "//dependency[groupId='org.donotanswer']/artifactId"))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void bom_versions_areThoseOfTheParent() throws Exception {
        assertThat(texts(bom, "/project/version")).isEqualTo(texts(parent, "/project/version"));
        assertThat(texts(bom, "//pytorch.version")).isEqualTo(texts(parent, "//properties/pytorch.version"));
    }

    private static Document document(String pom) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve(pom).toFile());
    }

    private static List<String> texts(Document document, String path) throws Exception {
        NodeList nodes =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }
}
