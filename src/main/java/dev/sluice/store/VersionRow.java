package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.model.ModelVersion;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A model version: written once, never changed. */
@Entity
@Table(name = "model_version")
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class VersionRow {
  @Id
  @Column(columnDefinition = "text")
  String name;

  @Column(columnDefinition = "text")
  String service;

  @Column(columnDefinition = "text")
  String document;

  @Column(columnDefinition = "text")
  String model;

  @Column(columnDefinition = "text")
  String digest;

  protected VersionRow() {}

  Stored<ModelVersion> toStored() {
    return new Stored<>(ModelJson.read(model, ModelVersion.class), document, 1);
  }
}
