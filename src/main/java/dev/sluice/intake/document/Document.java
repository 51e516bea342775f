package dev.sluice.intake.document;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;

/** A sound document: the record it means, and its canonical JSON text. */
public sealed interface Document {
  /** The {@code metadata.name}. */
  String name();

  /** The {@code kind} it was written as. */
  String kind();

  /** Canonical JSON: one text for one meaning. */
  String json();

  /** A model service. */
  record OfService(ModelService value, String json) implements Document {
    @Override
    public String name() {
      return value.name().value();
    }

    @Override
    public String kind() {
      return "ModelService";
    }
  }

  /** A model version. */
  record OfVersion(ModelVersion value, String json) implements Document {
    @Override
    public String name() {
      return value.name().value();
    }

    @Override
    public String kind() {
      return "ModelVersion";
    }
  }

  /** A pipeline. */
  record OfPipeline(Pipeline value, String json) implements Document {
    @Override
    public String name() {
      return value.name();
    }

    @Override
    public String kind() {
      return "Pipeline";
    }
  }

  /** A quality gate. */
  record OfGate(QualityGate value, String json) implements Document {
    @Override
    public String name() {
      return value.name();
    }

    @Override
    public String kind() {
      return "QualityGate";
    }
  }

  /**
   * Where a golden set's items lie.
   *
   * @param path where they are posted, relative to an endpoint
   * @param items the JSONL file, relative to the document
   * @param digest what the items file must hash to, {@code sha256:<hex>}
   */
  record OfGolden(String name, String path, String items, String digest, String json)
      implements Document {
    @Override
    public String kind() {
      return "GoldenSet";
    }
  }
}
