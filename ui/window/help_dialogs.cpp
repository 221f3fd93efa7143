// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/help_dialogs.h"

#include "core/version.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>

#include <utility>

namespace qs::ui {

namespace {

constexpr int kAboutWidth = 460;
constexpr double kTitleSize = 1.45; ///< of the normal text

QString tr(const char *text)
{
    return QCoreApplication::translate("Help", text);
}

QDialog *makeDialog(QWidget *parent, const QString &title)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setModal(false);
    new QVBoxLayout(dialog);
    dialog->layout()->setContentsMargins(18, 16, 18, 14);
    return dialog;
}

void addCloseButton(QDialog *dialog)
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    dialog->layout()->addWidget(buttons);
}

} // namespace

void showKeyList(QWidget *parent)
{
    const std::pair<QString, QString> keys[] = {
        {QStringLiteral("Ctrl+O"), tr("Open a model; dropping a file does the same")},
        {QStringLiteral("Ctrl+Shift+O"), tr("Open the folder of a model")},
        {QStringLiteral("Ctrl+E"), tr("Export quantized weights")},
        {QStringLiteral("Ctrl+S"), tr("Save the recipe: scheme, excluded layers, overrides")},
        {QStringLiteral("Ctrl+Z, Ctrl+Shift+Z"), tr("Undo, redo")},
        {QStringLiteral("Space"), tr("Quantize the selected layers, or keep them")},
        {QStringLiteral("Ctrl+F or /"), tr("Filter layers by name, state or number; Esc clears, then leaves")},
        {QStringLiteral(", and ."), tr("Previous and next layer")},
        {QStringLiteral("[ and ]"), tr("Previous and next channel")},
        {QStringLiteral("0, +, −"), tr("Reset the zoom of a plot, zoom in, zoom out")},
        {QStringLiteral("F, F F"), tr("Selected layer into the middle, then nothing but it")},
        {QStringLiteral("1, 2, 3"), tr("Tabs of the centre, from a plot, a list or the table")},
        {QStringLiteral("L"), tr("Logarithmic or linear, in a plot")},
        {QStringLiteral("T"), tr("Show the numbers of a plot as a table")},
        {QStringLiteral("Ctrl+Shift+C"), tr("Copy the figure of the plot that has the focus")},
        {QStringLiteral("F5, Esc"), tr("Continue the analysis, cancel the running job")},
        {QStringLiteral("F6, Shift+F6"), tr("Next and previous pane")},
        {QStringLiteral("F8, F9"), tr("Hide or show the left and right panels")},
        {QStringLiteral("F11"), tr("Presentation: panels hidden, larger text")},
        {QStringLiteral("Ctrl+Shift+T"), tr("Light or dark")},
        {QStringLiteral("?"), tr("This list")},
    };
    QDialog *dialog = makeDialog(parent, tr("Keys"));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(6);
    int row = 0;
    for (const auto &[key, meaning] : keys) {
        auto *keyLabel = new QLabel(key);
        keyLabel->setObjectName(QStringLiteral("panelTitle"));
        grid->addWidget(keyLabel, row, 0);
        grid->addWidget(new QLabel(meaning), row, 1);
        ++row;
    }
    static_cast<QVBoxLayout *>(dialog->layout())->addLayout(grid);
    addCloseButton(dialog);
    dialog->show();
}

void showAboutBox(QWidget *parent)
{
    QDialog *dialog = makeDialog(parent, tr("About Quantoscope"));
    auto *icon = new QLabel;
    icon->setPixmap(applicationIcon().pixmap(QSize(56, 56), dialog->devicePixelRatioF()));
    auto *name = new QLabel(tr("Quantoscope %1").arg(QLatin1String(kVersion)));
    name->setObjectName(QStringLiteral("heading"));
    QFont large = name->font();
    large.setPointSizeF(large.pointSizeF() * kTitleSize);
    name->setFont(large);
    QStringList libraries{tr("Qt %1").arg(QLatin1String(qVersion())), tr("QCustomPlot 2.1")};
    for (const std::string &library : libraryVersions())
        libraries << QString::fromStdString(library);
    auto *text = new QLabel(QStringList{
        tr("See what quantization does to a neural network."),
        tr("Instruction set in use: %1").arg(QString::fromStdString(instructionSet())),
        tr("Built with %1").arg(libraries.join(QStringLiteral(", "))),
        tr("The digits demo was trained on the Optical Recognition of Handwritten Digits data set by E. Alpaydin "
           "and C. Kaynak (UCI Machine Learning Repository)."),
        tr("© The Quantoscope authors. Free software under the GNU General Public License, version 3 or later; it "
           "comes without any warranty."),
    }
                                .join(QStringLiteral("\n\n")));
    text->setWordWrap(true);
    text->setFixedWidth(kAboutWidth);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *head = new QHBoxLayout;
    head->setSpacing(14);
    head->addWidget(icon);
    head->addWidget(name, 1);
    static_cast<QVBoxLayout *>(dialog->layout())->addLayout(head);
    dialog->layout()->addWidget(text);
    addCloseButton(dialog);
    dialog->show();
}

} // namespace qs::ui
