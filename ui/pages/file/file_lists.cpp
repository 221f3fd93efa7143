// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/file/file_lists.h"

#include "ui/document/setup.h"
#include "ui/models/layer_summary.h"
#include "ui/models/role_names.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>

#include <utility>
#include <vector>

namespace qs::ui {

namespace {

enum TensorColumn { NameColumn, ShapeColumn, TypeColumn, SizeColumn, RoleColumn, UseColumn };

struct FileLists {
    Q_DECLARE_TR_FUNCTIONS(FileLists)
};

/// What a tensor is there for. Small, because a file may hold a million of them.
struct Use {
    enum Kind : std::uint8_t { None, LayerWeight, Bias, Scales, ZeroPoints, Offsets, Part, Samples, Labels, Alias };
    Kind kind = None;
    std::size_t owner = 0; ///< layer, or tensor for Alias
};

std::vector<Use> usesOf(const Model &model)
{
    std::vector<Use> uses(model.tensors.size());
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer &layer = model.layers[i];
        if (layer.stored) {
            for (const std::size_t part : layer.stored->parts())
                uses[part] = {Use::Part, i};
            if (layer.stored->scales)
                uses[*layer.stored->scales] = {Use::Scales, i};
            if (layer.stored->offsets)
                uses[*layer.stored->offsets] = {Use::Offsets, i};
            if (layer.stored->zeroPoints)
                uses[*layer.stored->zeroPoints] = {Use::ZeroPoints, i};
        }
        if (layer.bias)
            uses[*layer.bias] = {Use::Bias, i};
        uses[layer.tensor] = {Use::LayerWeight, i};
    }
    for (const auto &[tensor, same] : model.aliases)
        uses[tensor] = {Use::Alias, same};
    if (model.network && model.network->samples) {
        uses[model.network->samples->inputs] = {Use::Samples, 0};
        if (model.network->samples->labels)
            uses[*model.network->samples->labels] = {Use::Labels, 0};
    }
    return uses;
}

QString useText(const Model &model, const Use &use)
{
    const auto owner = [&] { return text::oneLine(model.layers[use.owner].module); };
    switch (use.kind) {
    case Use::LayerWeight:
        return model.layers[use.owner].keptReason.empty() ? FileLists::tr("layer") : FileLists::tr("layer, kept");
    case Use::Bias:
        return FileLists::tr("bias of %1").arg(owner());
    case Use::Scales:
        return FileLists::tr("scales of %1").arg(owner());
    case Use::ZeroPoints:
        return FileLists::tr("zero points of %1").arg(owner());
    case Use::Offsets:
        return FileLists::tr("offsets of %1").arg(owner());
    case Use::Part:
        return FileLists::tr("part of %1").arg(owner());
    case Use::Samples:
        return FileLists::tr("samples");
    case Use::Labels:
        return FileLists::tr("labels of the samples");
    case Use::Alias:
        return FileLists::tr("same as %1").arg(text::oneLine(model.tensors[use.owner].name));
    case Use::None:
        break;
    }
    return text::none();
}

QString shapeOf(const TensorInfo &tensor)
{
    return tensor.shape.empty() ? FileLists::tr("one value") : text::shape(tensor.shape);
}

QString wholeTensor(const Model &model, std::size_t index, const Use &use)
{
    const TensorInfo &tensor = model.tensors[index];
    QStringList lines{text::manyLines(tensor.name),
                      FileLists::tr("%1, %2, %3 from byte %4 on")
                          .arg(shapeOf(tensor), text::fromView(tensor.typeName()), text::exactBytes(tensor.byteSize),
                               text::count(tensor.byteOffset))};
    if (use.kind != Use::None)
        lines << text::sentence(useText(model, use));
    if (use.kind == Use::LayerWeight && !model.layers[use.owner].keptReason.empty())
        lines << text::sentence(model.layers[use.owner].keptReason);
    else if (const auto role = model.roles.find(index); role != model.roles.end() && !role->second.reason.empty())
        lines << text::sentence(role->second.reason);
    if (!model.isSample(index))
        lines << FileLists::tr("Role: %1, because: %2")
                     .arg(roleName(model.roleOf(index).role), text::words(model.roleReason(index)));
    if (tensor.encoding && !tensor.encoding->withoutValues.empty())
        lines << text::sentence(tensor.encoding->withoutValues);
    return lines.join(u'\n');
}

struct Remark {
    QString what;
    QString text;
    const char *icon;
    QColor Theme::*colour;
};

std::vector<Remark> remarksOf(const Setup &setup, const std::vector<Trouble> &troubles)
{
    const Model &model = *setup.model();
    std::vector<Remark> remarks;
    for (const std::string &name : model.foreignGlobals)
        remarks.push_back(
            {FileLists::tr("Foreign code"),
             FileLists::tr("%1 would run in an ordinary loader. Quantoscope runs nothing.").arg(text::oneLine(name)),
             "error", &Theme::error});
    for (const std::string &file : model.missingFiles)
        remarks.push_back({FileLists::tr("Missing file"), text::manyLines(file), "error", &Theme::error});
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        if ((!setup.canQuantize(i) && !setup.isStored(i)) || isDamaged(setup, i))
            remarks.push_back({text::oneLine(model.layers[i].module),
                               FileLists::tr("Cannot be quantized: %1").arg(setup.keptReason(i)), "excluded",
                               &Theme::secondaryText});
    for (const Text &warning : model.warnings)
        remarks.push_back({FileLists::tr("Warning"), text::sentence(warning), "warning", &Theme::warning});
    for (const Trouble &trouble : troubles)
        remarks.push_back({text::oneLine(model.layers[trouble.layer].module), text::sentence(trouble.sentence), "info",
                           &Theme::secondaryText});
    return remarks;
}

} // namespace

QList<int> columnsOfTensorsThatGiveWay()
{
    return {SizeColumn, TypeColumn, UseColumn};
}

TextRows tensorRows(const std::shared_ptr<const Model> &model)
{
    const auto uses = std::make_shared<const std::vector<Use>>(usesOf(*model));
    TextRows rows;
    rows.headers = {FileLists::tr("Tensor"), FileLists::tr("Shape"), FileLists::tr("Type"),
                    FileLists::tr("Size"),   FileLists::tr("Role"),  FileLists::tr("Use")};
    rows.count = static_cast<int>(model->tensors.size());
    rows.cell = [model, uses](int row, int column) {
        const auto index = static_cast<std::size_t>(row);
        const TensorInfo &tensor = model->tensors[index];
        switch (column) {
        case NameColumn:
            return text::oneLine(tensor.name);
        case ShapeColumn:
            return shapeOf(tensor);
        case TypeColumn:
            return text::oneLine(tensor.typeName());
        case SizeColumn:
            return text::bytes(tensor.byteSize);
        case RoleColumn:
            return roleName(model->roleOf(index).role);
        default:
            return useText(*model, (*uses)[index]);
        }
    };
    rows.sortKey = [model](int row, int column) -> QVariant {
        const TensorInfo &tensor = model->tensors[static_cast<std::size_t>(row)];
        if (column == ShapeColumn)
            return static_cast<qulonglong>(tensor.elements());
        return column == SizeColumn ? QVariant(static_cast<qulonglong>(tensor.byteSize)) : QVariant();
    };
    rows.whole = [model, uses](int row) {
        const auto index = static_cast<std::size_t>(row);
        return wholeTensor(*model, index, (*uses)[index]);
    };
    return rows;
}

TextRows metadataRows(const std::shared_ptr<const Model> &model)
{
    using Entry = std::map<std::string, std::string>::value_type;
    auto entries = std::make_shared<std::vector<const Entry *>>();
    for (const Entry &entry : model->metadata)
        entries->push_back(&entry);
    const auto at = [model, entries](int row) -> const Entry & { return *(*entries)[static_cast<std::size_t>(row)]; };
    TextRows rows;
    rows.headers = {FileLists::tr("Key"), FileLists::tr("Value")};
    rows.count = static_cast<int>(entries->size());
    rows.cell = [at](int row, int column) { return text::oneLine(column == 0 ? at(row).first : at(row).second); };
    rows.whole = [at](int row) { return text::manyLines(at(row).second); };
    return rows;
}

TextRows remarkRows(const Setup &setup, const std::vector<Trouble> &troubles)
{
    const auto remarks = std::make_shared<const std::vector<Remark>>(remarksOf(setup, troubles));
    const auto at = [remarks](int row) -> const Remark & { return (*remarks)[static_cast<std::size_t>(row)]; };
    TextRows rows;
    rows.headers = {FileLists::tr("What"), FileLists::tr("Remark")};
    rows.count = static_cast<int>(remarks->size());
    rows.cell = [at](int row, int column) {
        return column == 0 ? at(row).what : text::oneLine(at(row).text.toStdString());
    };
    rows.whole = [at](int row) {
        return QStringLiteral("%1\n%2").arg(at(row).what, text::manyLines(at(row).text.toStdString()));
    };
    rows.icon = [at](int row) { return themedIcon(QLatin1String(at(row).icon), at(row).colour); };
    return rows;
}

} // namespace qs::ui
