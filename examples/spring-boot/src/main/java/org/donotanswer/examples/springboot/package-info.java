/** A chatbot built with Spring Boot and Spring AI whose responses are guarded. */
@NullMarked
package org.donotanswer.examples.springboot;

import org.jspecify.annotations.NullMarked;
