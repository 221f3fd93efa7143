// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SideB: what the setup on show (A) is compared with: another recipe for the same model, or another file.
#pragma once

#include "core/analysis/report.h"
#include "ui/document/changes.h"
#include "ui/document/commands.h"
#include "ui/document/distribution_job.h"

#include <QObject>

#include <memory>
#include <optional>

namespace qs {

struct ComparedReport;
struct Comparison;

} // namespace qs

namespace qs::ui {

class Document;
class Setup;

/// Belongs to the document. Views hear of it through Change::SideB of the setup on show.
class SideB : public QObject
{
    Q_OBJECT
public:
    enum class Kind { None, Recipe, File };

    explicit SideB(Document &document);

    Kind kind() const { return m_kind; }
    bool isOpen() const { return m_kind != Kind::None; }
    /// What people call it: "copy of A", "float32", a file's name.
    QString title() const { return m_title(); }
    /// The setup that holds B's recipe; null unless the kind is Recipe.
    Setup *setup() const { return m_kind == Kind::Recipe ? m_setup : nullptr; }
    /// Of the kind File; null otherwise and while it is being read.
    const std::shared_ptr<const Model> &model() const { return m_model; }
    const std::shared_ptr<const Comparison> &comparison() const { return m_comparison; }
    /// B's numbers for the layers of the open model; null when there is no B, or none of its numbers yet.
    std::shared_ptr<const Report> report() const;
    bool isPending() const;

    /// Another recipe for the open model. A recipe that it cannot follow is refused, and nothing changes.
    void compareWith(const Recipe &recipe, const EditText &title);
    /// Every layer as it is in the file.
    void compareWithFloats();
    /// As ModelLocation::parse() reads it; in the background. What was B before stays until the file is compared.
    void openFile(const QString &location);
    void close();
    /// One undo step: B's recipe becomes A's.
    void copyFromA();
    /// One undo step: both recipes change places.
    void swap();

    /// For Document only: A was edited, or has results.
    void followA(Changes changes);

    /// B's distribution of a layer of the open model, or of one of its channels.
    void showDistribution(const DistributionJob::Target &target);
    const DistributionJob::Shown &distribution() const;

signals:
    void changed();
    void failed(const QString &sentence);

private:
    struct FileOutcome;

    Setup &setupA() const;
    void adoptFile(const QString &title, FileOutcome outcome);
    void runFileNetwork();
    void showFileDistribution();
    void forgetFile();

    Document &m_document;
    Kind m_kind = Kind::None;
    EditText m_title{QString()};
    Setup *m_setup = nullptr; ///< made when a recipe is compared for the first time
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Comparison> m_comparison;
    std::shared_ptr<const ComparedReport> m_compared; ///< null unless the kind is File
    std::shared_ptr<const Report> m_fileReport;       ///< of the file's own layers
    std::shared_ptr<const Report> m_networkReport; ///< the compared one with output errors; null: not run, or not yet
    std::optional<Activation> m_activation;        ///< that the network was run with
    DistributionJob::Target m_wanted;
    DistributionJob::Shown m_distribution; ///< of a file
};

} // namespace qs::ui
